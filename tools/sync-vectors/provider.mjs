// provider.json: conversations with a provider, each with a fresh account. What a provider chooses itself (transaction ids,
// leases, versions, times) is a variable, `{ "$var": name }`: the first answer binds it, and from then on it is the same.

import { encodeCbor } from '@paloma/sync-protocol';
import { LAPTOP, NAMESPACE, PHONE, TABLET, blobId, document, itemId, leaseOf, text, transactionId } from './names.mjs';
import { repeated, slugOf, streamOctets } from './vector-files.mjs';

const variable = (name) => ({ $var: name });
const LIMITS = { sealedDocumentBytes: 1048576, blobBytes: 104857600, batchBytes: 33554432, batchRecords: 2000 };
const LEASE_MS = 60_000;
/** Of a first failure; docs/protocol/sync.md §6. */
const FIRST_REST_MS = 30_000;

const OK = { status: 200 };
const CREATED = { status: 201 };
const NO_CONTENT = { status: 204 };
const error = (status, code) => ({ status, error: code });

/** Steps of one conversation; its octets are filed under its name. */
class Conversation {
  steps = [];

  constructor(files, name) {
    this.files = files;
    this.name = name;
  }

  ask(method, path, answer, request = {}) {
    this.steps.push({ request: { method, path, ...request }, answer });
    return this;
  }

  /** A request with octets, filed under the number of the step. */
  send(method, path, octets, answer, headers) {
    const parts = this.files.addOctets('provider', `${this.name} ${String(this.steps.length + 1).padStart(2, '0')}`, octets);
    return this.ask(method, path, answer, { ...(headers && { headers }), octets: parts });
  }

  push(items, outcomes, answer, replicaUid = LAPTOP) {
    const octets = streamOctets({ v: 1, kind: 'push', count: items.length, replicaUid }, items);
    const value = { ...answer, outcomes: outcomes?.map(([outcome, generation], index) => ({ id: items[index].id, outcome, generation })) };
    return this.send('POST', '/v1/sync/push', octets, outcomes ? { ...OK, message: 'pushAnswer', value } : answer);
  }

  /** `items`: as they were pushed, each with its generation. */
  pull(change, header, items = []) {
    return this.pullAnswered(change, { ...OK, kind: 'pull', header: { v: 1, kind: 'pull', count: items.length, ...header }, items: items.map(([item, generation]) => ({ ...item, generation })) });
  }

  /** The request may hold variables, so it is given as its value. */
  pullAnswered(change, answer) {
    const value = { v: 1, replicaUid: PHONE, since: 0, classes: [0, 1, 2], limit: 100, known: null, ...change };
    return this.ask('POST', '/v1/sync/pull', answer, { message: 'pullRequest', value });
  }

  post(path, message, value, answer) {
    return this.ask('POST', path, answer, { message, value });
  }

  deliver(number, content) {
    this.steps.push({ deliver: { itemId: itemId(number), octets: this.files.addOctets('provider', `${this.name} item ${number}`, text(content)) } });
    return this;
  }

  wait(waitMs) {
    this.steps.push({ waitMs });
    return this;
  }
}

const info = (head, usedBytes) => ({ ...OK, message: 'infoAnswer', value: { v: 1, accountId: variable('account'), ...head, limits: { ...LIMITS, quotaBytes: variable('quota') }, usedBytes } });
const head = (generation, transaction) => ({ generation, transactionId: transaction === '' ? '' : variable(transaction) });

function pushAndPull(talk) {
  const [one, two, three] = [document(1, `${LAPTOP}:1`), document(2, `${LAPTOP}:1`, { class: 1 }), document(3, `${LAPTOP}:1`, { class: 2, tombstone: true })];
  return talk
    .ask('GET', '/v1/sync/info', info(head(0, ''), 0))
    .pull({}, { ...head(0, ''), through: 0 })
    .push([], [], head(0, ''))
    .push([one, two, three], [['inserted', 1], ['inserted', 2], ['inserted', 3]], head(3, 'first'))
    .push([one, two, three], [['converged', 1], ['converged', 2], ['converged', 3]], head(3, 'first'))
    .ask('GET', '/v1/sync/info', info(head(3, 'first'), [one, two, three].reduce((sum, { sealed }) => sum + sealed.length, 0)))
    .pull({}, { ...head(3, 'first'), through: 3 }, [[one, 1], [two, 2], [three, 3]])
    .pull({ replicaUid: LAPTOP }, { ...head(3, 'first'), through: 3 })
    .pull({ replicaUid: LAPTOP, own: true, classes: [1] }, { ...head(3, 'first'), through: 3 }, [[two, 2]])
    .pull({ since: 3 }, { ...head(3, 'first'), through: 3 });
}

function putIfNewer(talk) {
  const at = (number, revision, change) => document(number, revision, change);
  const before = [1, 2, 3, 4, 5].map((number) => at(number, `${LAPTOP}:2`));
  const [newer, resealed, merged] = [at(1, `${LAPTOP}:2|${PHONE}:1`), at(4, `${LAPTOP}:2`, { epoch: 2 }), at(3, `${LAPTOP}:2|${PHONE}:2`)];
  const twice = [at(6, `${PHONE}:1`), at(6, `${PHONE}:2`)];
  return talk
    .push(before, before.map((_, index) => ['inserted', index + 1]), head(5, 'first'))
    .push([newer, at(2, `${LAPTOP}:1`), at(3, `${LAPTOP}:1|${PHONE}:1`), resealed, at(5, `${LAPTOP}:2`, { sealed: text('other octets') })],
      [['inserted', 6], ['superseded', 2], ['conflicted', 3], ['inserted', 7], ['converged', 5]], head(7, 'second'), PHONE)
    .push([at(4, `${LAPTOP}:2`), merged, ...twice], [['converged', 7], ['inserted', 8], ['inserted', 9], ['inserted', 10]], head(10, 'third'), PHONE)
    .pull({ replicaUid: TABLET }, { ...head(10, 'third'), through: 10 }, [[before[1], 2], [before[4], 5], [newer, 6], [resealed, 7], [merged, 8], [twice[1], 10]]);
}

function pages(talk) {
  const items = [1, 2, 3, 4, 5].map((number) => document(number, `${LAPTOP}:1`, { class: number === 3 ? 2 : 1 }));
  const newest = { classes: [1], order: 'newest', limit: 2 };
  return talk
    .push(items, items.map((_, index) => ['inserted', index + 1]), head(5, 'first'))
    .pull({ limit: 2 }, { ...head(5, 'first'), through: 2 }, [[items[0], 1], [items[1], 2]])
    .pull({ limit: 2, since: 2 }, { ...head(5, 'first'), through: 4 }, [[items[2], 3], [items[3], 4]])
    .pull({ limit: 2, since: 4 }, { ...head(5, 'first'), through: 5 }, [[items[4], 5]])
    .pull({ limit: 2, classes: [2] }, { ...head(5, 'first'), through: 5 }, [[items[2], 3]])
    .pull(newest, { ...head(5, 'first'), through: 3 }, [[items[4], 5], [items[3], 4]])
    .pull({ ...newest, until: 3 }, { ...head(5, 'first'), through: 0 }, [[items[1], 2], [items[0], 1]])
    .pull({ ...newest, until: 2, since: 1 }, { ...head(5, 'first'), through: 1 }, [[items[1], 2]])
    .pull({ ...newest, until: 90 }, { ...head(5, 'first'), through: 3 }, [[items[4], 5], [items[3], 4]]);
}

function knownHeads(talk) {
  const items = [1, 2, 3].map((number) => document(number, `${LAPTOP}:1`));
  const whole = [[items[0], 1], [items[1], 2], [items[2], 3]];
  return talk
    .push(items.slice(0, 1), [['inserted', 1]], head(1, 'first'))
    .push(items.slice(1), [['inserted', 2], ['inserted', 3]], head(3, 'second'))
    .pull({ known: { generation: 0, transactionId: '' } }, { ...head(3, 'second'), through: 3 }, whole)
    .pull({ known: head(1, 'first') }, { ...head(3, 'second'), through: 3 }, whole)
    .pull({ known: head(3, 'second') }, { ...head(3, 'second'), through: 3 }, whole)
    .pullAnswered({ known: head(3, 'first') }, error(409, 'transactionMismatch'))
    .pullAnswered({ known: { generation: 3, transactionId: transactionId(1) } }, error(409, 'transactionMismatch'))
    .pullAnswered({ known: { generation: 4, transactionId: transactionId(1) } }, error(409, 'generationUnknown'));
}

const BLOBS = `/v1/blobs/${NAMESPACE}`;
const sized = (length, headers = {}) => ({ 'Content-Length': String(length), 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes', ...headers });

function blobs(talk) {
  const [path, octets] = [`${BLOBS}/${blobId(1)}`, text('0123456789')];
  const content = (from, to) => ({ octets: talk.files.addOctets('provider', `${talk.name} ${from} to ${to}`, octets.subarray(from, to)) });
  const part = (from, to) => ({ status: 206, headers: sized(to - from, { 'Content-Range': `bytes ${from}-${to - 1}/10` }), ...content(from, to) });
  const whole = { ...OK, headers: sized(10), ...content(0, 10) };
  return talk
    .ask('GET', path, error(404, 'notFound'))
    .ask('HEAD', path, { status: 404 })
    .send('PUT', path, octets, CREATED)
    .send('PUT', path, text('another'), OK)
    .ask('HEAD', path, { ...OK, headers: sized(10) })
    .ask('GET', path, whole)
    .ask('GET', path, part(2, 5), { headers: { Range: 'bytes=2-4' } })
    .ask('GET', path, part(7, 10), { headers: { Range: 'bytes=7-' } })
    .ask('GET', path, part(8, 10), { headers: { Range: 'bytes=-2' } })
    .ask('GET', path, part(9, 10), { headers: { Range: 'bytes=9-999' } })
    .ask('GET', path, { ...error(416, 'rangeNotSatisfiable'), headers: { 'Content-Range': 'bytes */10' } }, { headers: { Range: 'bytes=10-' } })
    .ask('GET', path, whole, { headers: { Range: 'bytes=4-2' } })
    .ask('GET', path, whole, { headers: { Range: 'bytes=0-1,4-5' } })
    .send('PUT', path, text('sealed anew'), OK, { 'If-Match': '*' })
    .ask('HEAD', path, { ...OK, headers: sized(11) })
    .send('PUT', `${BLOBS}/${blobId(2)}`, text('nothing to replace'), error(412, 'preconditionFailed'), { 'If-Match': '*' })
    .ask('GET', `/v1/blobs/elsewhere/${blobId(1)}`, error(404, 'notFound'))
    .ask('DELETE', path, NO_CONTENT)
    .ask('DELETE', path, NO_CONTENT)
    .ask('HEAD', path, { status: 404 })
    .ask('GET', `${BLOBS}/short`, error(400, 'badRequest'))
    .ask('GET', `/v1/blobs/Upper/${blobId(1)}`, error(400, 'badRequest'));
}

function blobBatches(talk) {
  const up = (...numbers) => streamOctets({ v: 1, kind: 'blobs', count: numbers.length }, numbers.map((number) => ({ id: blobId(number), sealed: text(`blob ${number}`) })));
  const stored = (...pairs) => ({ ...OK, message: 'blobsUpAnswer', value: { outcomes: pairs.map(([number, outcome]) => ({ id: blobId(number), outcome })) } });
  const list = (numbers, more) => ({ ...OK, message: 'blobListAnswer', value: { blobs: numbers.map((number) => ({ blobId: blobId(number), sizeBytes: 6 })), more } });
  const down = [{ id: blobId(3), sealed: text('blob 3') }, { id: blobId(9), missing: true }, { id: blobId(1), sealed: text('blob 1') }];
  return talk
    .ask('GET', BLOBS, list([], false))
    .send('POST', `${BLOBS}/batch-up`, up(3, 1, 2), stored([3, 'stored'], [1, 'stored'], [2, 'stored']))
    .send('POST', `${BLOBS}/batch-up`, up(2, 4, 4), stored([2, 'present'], [4, 'stored'], [4, 'present']))
    .ask('GET', BLOBS, list([1, 2, 3, 4], false))
    .ask('GET', `${BLOBS}?limit=2`, list([1, 2], true))
    .ask('GET', `${BLOBS}?after=${blobId(2)}&limit=2`, list([3, 4], false))
    .ask('GET', `${BLOBS}?limit=0`, error(400, 'badRequest'))
    .ask('GET', `${BLOBS}?after=short`, error(400, 'badRequest'))
    .post(`${BLOBS}/batch-down`, 'blobsDownRequest', { ids: down.map(({ id }) => id) }, { ...OK, kind: 'blobsDown', header: { v: 1, kind: 'blobs', count: 3, through: 3 }, items: down })
    .send('POST', `${BLOBS}/batch-down`, encodeCbor({ ids: Array.from({ length: 2001 }, (_, index) => blobId(index)) }), error(413, 'tooLarge'));
}

const leased = (number, content, attempts = 0, lease = `lease${number}`) =>
  ({ itemId: itemId(number), lease: variable(lease), sizeBytes: content.length, receivedAtMs: variable(`received${number}`), attempts, leaseUntilMs: variable(`until ${lease}`) });
const leaseAnswer = (...items) => ({ ...OK, message: 'leaseAnswer', value: { items } });
const lost = (...numbers) => ({ ...OK, message: 'settleAnswer', value: { lost: numbers.map(itemId) } });
const holding = (number, lease = `lease${number}`) => ({ itemId: itemId(number), lease: variable(lease) });
const settle = (change) => ({ acks: [], releases: [], failures: [], ...change });

function incomingBox(talk) {
  const [LEASE, FETCH, SETTLE] = ['/v1/incoming/lease', '/v1/incoming/fetch', '/v1/incoming/settle'];
  const answers = (items) => ({ ...OK, kind: 'incoming', header: { v: 1, kind: 'incoming', count: items.length }, items });
  return talk
    .post(LEASE, 'leaseRequest', { replicaUid: PHONE, limit: 5 }, leaseAnswer())
    .deliver(2, 'the first').wait(1).deliver(1, 'the second')
    .post(LEASE, 'leaseRequest', { replicaUid: PHONE, limit: 5 }, leaseAnswer(leased(2, 'the first'), leased(1, 'the second')))
    .post(LEASE, 'leaseRequest', { replicaUid: PHONE, limit: 5 }, leaseAnswer(leased(2, 'the first'), leased(1, 'the second')))
    .post(LEASE, 'leaseRequest', { replicaUid: LAPTOP, limit: 5 }, leaseAnswer())
    .post(FETCH, 'incomingFetchRequest', { items: [holding(1), { itemId: itemId(2), lease: leaseOf(1) }, { itemId: itemId(7), lease: leaseOf(1) }] },
      answers([{ itemId: itemId(1), octets: text('the second') }, { itemId: itemId(2), lost: true }, { itemId: itemId(7), lost: true }]))
    .post(SETTLE, 'settleRequest', settle({ acks: [holding(1)], failures: [{ ...holding(2), reason: 'cannotDecrypt' }] }), lost())
    .post(SETTLE, 'settleRequest', settle({ acks: [holding(1)] }), lost())
    .post(LEASE, 'leaseRequest', { replicaUid: LAPTOP, limit: 5 }, leaseAnswer())
    .wait(FIRST_REST_MS)
    .post(LEASE, 'leaseRequest', { replicaUid: LAPTOP, limit: 5 }, leaseAnswer(leased(2, 'the first', 1, 'again')))
    .post(SETTLE, 'settleRequest', settle({ releases: [holding(2, 'again')] }), lost())
    .post(LEASE, 'leaseRequest', { replicaUid: TABLET, limit: 5 }, leaseAnswer(leased(2, 'the first', 1, 'third')))
    .wait(LEASE_MS)
    .post(LEASE, 'leaseRequest', { replicaUid: PHONE, limit: 5 }, leaseAnswer(leased(2, 'the first', 1, 'fourth')))
    .post(SETTLE, 'settleRequest', settle({ acks: [holding(2, 'third')] }), lost(2))
    .post(SETTLE, 'settleRequest', settle({ acks: [holding(2, 'fourth')] }), lost());
}

function vault(talk) {
  const etag = (name) => ({ headers: { ETag: `"{${name}}"` } });
  const kept = { ...OK, headers: { 'ETag': '"{second}"', 'Content-Type': 'application/octet-stream' } };
  return talk
    .ask('GET', '/v1/vault', error(404, 'notFound'))
    .send('PUT', '/v1/vault', text('without a condition'), error(400, 'badRequest'))
    .ask('PUT', '/v1/vault', error(400, 'badRequest'), { headers: { 'If-None-Match': '*' } })
    .send('PUT', '/v1/vault', text('the first'), { ...NO_CONTENT, ...etag('first') }, { 'If-None-Match': '*' })
    .send('PUT', '/v1/vault', text('too late'), error(412, 'preconditionFailed'), { 'If-None-Match': '*' })
    .send('PUT', '/v1/vault', text('the second'), { ...NO_CONTENT, ...etag('second') }, { 'If-Match': '"{first}"' })
    .send('PUT', '/v1/vault', text('too late'), error(412, 'preconditionFailed'), { 'If-Match': '"{first}"' })
    .ask('PUT', '/v1/vault', error(413, 'tooLarge'), { headers: { 'If-Match': '"{second}"' }, octets: [repeated('00', 65537)] })
    .ask('GET', '/v1/vault', { ...kept, octets: talk.files.addOctets('provider', `${talk.name} kept`, text('the second')) });
}

function sessions(talk) {
  return talk
    .ask('GET', '/v1/sync/info', error(401, 'unauthorized'), { token: null })
    .ask('GET', '/v1/sync/info', error(401, 'unauthorized'), { token: 'x'.repeat(43) })
    .ask('GET', '/v1/sync/nothing', error(404, 'notFound'))
    .ask('GET', '/v1/sessions/current', { ...OK, json: { accountId: variable('account'), addresses: variable('addresses'), expiresAtMs: variable('expiry') } })
    .ask('DELETE', '/v1/sessions/current', NO_CONTENT)
    .ask('GET', '/v1/sessions/current', error(401, 'unauthorized'));
}

function removedDevice(talk) {
  const one = document(1, `${PHONE}:1`);
  return talk
    .push([one], [['inserted', 1]], head(1, 'first'), PHONE)
    .ask('DELETE', `/v1/devices/${PHONE}`, NO_CONTENT)
    .ask('DELETE', `/v1/devices/${PHONE}`, error(404, 'notFound'))
    .pullAnswered({}, error(410, 'gone'))
    .push([one], null, error(410, 'gone'), PHONE)
    .pull({ replicaUid: TABLET }, { ...head(1, 'first'), through: 1 }, [[one, 1]]);
}

function fullAccount(talk) {
  const small = document(1, `${LAPTOP}:1`, { sealed: new Uint8Array(60) });
  const upOf = (sizes) => streamOctets({ v: 1, kind: 'blobs', count: sizes.length }, sizes.map((size, index) => ({ id: blobId(index + 1), sealed: new Uint8Array(size) })));
  return talk
    .push([document(1, `${LAPTOP}:1`, { sealed: new Uint8Array(101) })], null, error(507, 'quotaExceeded'))
    .push([small, document(2, `${LAPTOP}:1`, { sealed: new Uint8Array(41) })], null, error(507, 'quotaExceeded'))
    .push([small], [['inserted', 1]], head(1, 'first'))
    .send('PUT', `${BLOBS}/${blobId(9)}`, new Uint8Array(41), error(507, 'quotaExceeded'))
    .send('POST', `${BLOBS}/batch-up`, upOf([30, 30, 10]), {
      ...OK, message: 'blobsUpAnswer', value: { outcomes: ['stored', 'quotaExceeded', 'stored'].map((outcome, index) => ({ id: blobId(index + 1), outcome })) },
    })
    .push([document(1, `${LAPTOP}:2`, { sealed: new Uint8Array(10), tombstone: true })], [['inserted', 2]], head(2, 'second'));
}

function events(talk) {
  const present = (transaction, generation, pending) => [{ event: 'generation', data: { ...head(generation, transaction), source: null } }, { event: 'incoming', data: { pending } }];
  const answer = (list) => ({ ...OK, headers: { 'Content-Type': 'text/event-stream' }, events: list });
  return talk
    .ask('GET', '/v1/events', answer(present('', 0, 0)))
    .push([document(1, `${LAPTOP}:1`)], [['inserted', 1]], head(1, 'first'))
    .deliver(1, 'one')
    .ask('GET', '/v1/events', answer(present('first', 1, 1)));
}

/** Name, section of docs/protocol/sync.md or accounts.md, steps, what the account begins with. */
const CONVERSATIONS = [
  ['push and pull', 'sync.md §2 to §4', pushAndPull],
  ['put if newer', 'sync.md §3', putIfNewer],
  ['pages', 'sync.md §4', pages],
  ['known heads', 'sync.md §4', knownHeads],
  ['removed device', 'sync.md §4.1', removedDevice],
  ['blobs', 'sync.md §5', blobs],
  ['batches of blobs', 'sync.md §5', blobBatches],
  ['full account', 'sync.md §3 and §5', fullAccount, { quotaBytes: 100 }],
  ['incoming box', 'sync.md §6', incomingBox],
  ['events', 'sync.md §7', events],
  ['sessions', 'sync.md §1, accounts.md §2', sessions],
  ['vault', 'accounts.md §3', vault],
];

export function providerVectors(files) {
  const conversations = CONVERSATIONS.map(([name, section, speak, given = {}]) => ({ name, section, ...given, steps: speak(new Conversation(files, slugOf(name))).steps }));
  files.addTable('provider.json', { conversations });
}
