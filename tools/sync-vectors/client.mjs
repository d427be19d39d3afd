// client.json: what a device asks, what it is answered, and what it makes of the answer (docs/protocol/sync.md §1.2).

import { encodeCbor } from '@paloma/sync-protocol';
import { ACCOUNT, LAPTOP, NAMESPACE, PHONE, blobId, document, documentId, itemId, leaseOf, text, transactionId } from './names.mjs';
import { repeated, slugOf, streamOctets } from './vector-files.mjs';

/** Code, status, whether the same request may succeed later. The closed list of docs/protocol/sync.md §1.1. */
const ERRORS = [
  ['badRequest', 400, false], ['unauthorized', 401, false], ['loginFailed', 401, false], ['forbidden', 403, false], ['accountDisabled', 403, true], ['invalidInvite', 403, false],
  ['notFound', 404, false], ['addressTaken', 409, false], ['conflict', 409, false], ['generationUnknown', 409, false], ['transactionMismatch', 409, false],
  ['leaseLost', 409, false], ['alreadyExists', 409, false], ['gone', 410, false], ['preconditionFailed', 412, false], ['tooLarge', 413, false],
  ['rangeNotSatisfiable', 416, false], ['unsupportedVersion', 426, false], ['rateLimited', 429, true], ['internal', 500, true], ['unavailable', 503, true],
  ['quotaExceeded', 507, false],
];

const CBOR = { 'Content-Type': 'application/cbor' };
const SEQUENCE = { 'Content-Type': 'application/cbor-seq' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const OCTETS = { 'Content-Type': 'application/octet-stream' };
const BLOBS = `/v1/blobs/${NAMESPACE}`;
const MALFORMED = { error: 'malformedAnswer', retryable: true };
const value = (expected) => ({ value: expected });

const HEAD = { generation: 9, transactionId: transactionId(3) };
const INFO = { v: 1, accountId: ACCOUNT, ...HEAD, limits: { sealedDocumentBytes: 1048576, blobBytes: 104857600, batchBytes: 33554432, batchRecords: 2000, quotaBytes: 1073741824 }, usedBytes: 7 };

class ClientVectors {
  list = [];

  constructor(files) {
    this.files = files;
  }

  /** `ask`: operation, its arguments, and the request it makes. */
  add(name, [operation, given, request], answer, outcome) {
    this.list.push({ name, operation, arguments: given, request: this.#withOctets(request, `${operation} request`), answer: this.#withOctets(answer, `${name} answer`), outcome });
  }

  /** The same request is filed once. */
  #withOctets({ body, parts, ...rest }, name) {
    if (parts) return { ...rest, octets: parts };
    if (body === undefined) return rest;
    const known = this.list.find(({ operation, request }) => name === `${operation} request` && request.path === rest.path && this.#holds(request, body));
    return { ...rest, octets: known ? known.request.octets : this.files.addOctets('client', this.#freeName(name), body) };
  }

  #holds({ octets }, body) {
    return octets !== undefined && this.files.contentOf(octets[0]).equals(Buffer.from(body));
  }

  #freeName(name) {
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name} ${count}`;
      if (!this.files.paths.includes(`octets/client/${slugOf(candidate)}.bin`)) return candidate;
    }
  }
}

const cborAnswer = (answer) => ({ status: 200, headers: CBOR, body: encodeCbor(answer) });
const streamAnswer = (octets) => ({ status: 200, headers: SEQUENCE, body: octets });
const errorAnswer = (status, code, headers = {}) => ({ status, headers: { ...JSON_TYPE, ...headers }, body: text(JSON.stringify({ error: code })) });

function addErrors(vectors) {
  for (const [code, status, retryable] of ERRORS) vectors.add(`answer ${code}`, INFO_ASKED, errorAnswer(status, code), { error: code, retryable });
  const page = (status, headers = {}) => ({ status, headers: { 'Content-Type': 'text/html', ...headers }, body: text(`<html>${status}</html>`) });
  const others = [
    ['when to come back', errorAnswer(429, 'rateLimited', { 'Retry-After': '7' }), { error: 'rateLimited', retryable: true, retryAfterMs: 7000 }],
    ['to come back in a week is believed for an hour', errorAnswer(503, 'unavailable', { 'Retry-After': '604800' }), { error: 'unavailable', retryable: true, retryAfterMs: 3600000 }],
    ['a gateway that is down', page(502), { error: 'unavailable', retryable: true }],
    ['a gateway that has enough', page(429, { 'Retry-After': '3' }), { error: 'rateLimited', retryable: true, retryAfterMs: 3000 }],
    ['a page of somebody else that is not found', page(404), MALFORMED],
    ['a redirect, which is not followed', page(302, { Location: 'https://elsewhere.example/' }), MALFORMED],
    ['a code that is not on the list', errorAnswer(400, 'surprise'), MALFORMED],
    ['an error body of more than 4096 octets', { status: 503, headers: JSON_TYPE, parts: [repeated('20', 5000)] }, { error: 'unavailable', retryable: true }],
  ];
  for (const [name, answer, outcome] of others) vectors.add(name, INFO_ASKED, answer, outcome);
}

const INFO_ASKED = ['info', {}, { method: 'GET', path: '/v1/sync/info' }];

function addInfo(vectors) {
  vectors.add('info', INFO_ASKED, cborAnswer(INFO), value(INFO));
  vectors.add('info of another version', INFO_ASKED, cborAnswer({ ...INFO, v: 2 }), MALFORMED);
  vectors.add('info cut off', INFO_ASKED, { ...cborAnswer(INFO), body: encodeCbor(INFO).subarray(0, 30) }, MALFORMED);
  vectors.add('answer of more than 1 MiB', INFO_ASKED, { status: 200, headers: CBOR, parts: [repeated('00', 2 ** 20 + 1)] }, MALFORMED);
}

function addPush(vectors) {
  const items = [document(1, `${LAPTOP}:1`), document(2, `${LAPTOP}:3|${PHONE}:1`, { class: 2, epoch: 2, tombstone: true })];
  const push = ['push', { replicaUid: LAPTOP, items }, { method: 'POST', path: '/v1/sync/push', headers: SEQUENCE, body: streamOctets({ v: 1, kind: 'push', count: 2, replicaUid: LAPTOP }, items) }];
  const outcomes = [{ id: documentId(1), outcome: 'inserted', generation: 9 }, { id: documentId(2), outcome: 'conflicted', generation: 4 }];
  const answer = (list) => cborAnswer({ ...HEAD, outcomes: list });
  vectors.add('push', push, answer(outcomes), value({ ...HEAD, outcomes }));
  vectors.add('push of which one document is not answered for', push, answer(outcomes.slice(1)), MALFORMED);
  vectors.add('push answered for in another order', push, answer([...outcomes].reverse()), MALFORMED);
  vectors.add('push with an outcome that there is not', push, answer([{ ...outcomes[0], outcome: 'merged' }, outcomes[1]]), MALFORMED);
}

function pullOf(change) {
  const given = { replicaUid: PHONE, since: 1, classes: [0, 1], limit: 100, known: { generation: 5, transactionId: transactionId(2) }, ...change };
  return ['pull', given, { method: 'POST', path: '/v1/sync/pull', headers: CBOR, body: encodeCbor({ v: 1, ...given }) }];
}

function addPull(vectors) {
  const item = (generation) => ({ ...document(generation, `${LAPTOP}:1`), generation });
  const page = (generations, through, more = {}) => streamOctets({ v: 1, kind: 'pull', count: generations.length, ...HEAD, through, ...more }, generations.map(item));
  const taken = (generations, through, more = {}) => value({ items: generations.map(item), ...HEAD, through, ...more });
  const [ascending, newest] = [pullOf({}), pullOf({ since: 0, order: 'newest', until: 8 })];
  const [whole, down] = [page([2, 5, 7], 9), page([8, 6, 3], 2)];
  const changed = Uint8Array.from(whole, (octet, index) => (index === whole.length - 1 ? octet ^ 1 : octet));
  const rows = [
    ['pull', ascending, whole, taken([2, 5, 7], 9)],
    ['pull from a log with removed tombstones', ascending, page([2], 9, { compacted: 1 }), taken([2], 9, { compacted: 1 })],
    ['pull newest first', newest, down, taken([8, 6, 3], 2)],
    ['page without its end record is complete through its last item', ascending, whole.subarray(0, whole.length - 40), taken([2, 5, 7], 7)],
    ['page cut in its last item', ascending, whole.subarray(0, whole.length - 80), taken([2, 5], 5)],
    ['page with a wrong digest is complete through its last item', ascending, changed, taken([2, 5, 7], 7)],
    ['page newest first without its end record', newest, down.subarray(0, down.length - 40), taken([8, 6, 3], 2)],
    ['page newest first cut in its last item', newest, down.subarray(0, down.length - 80), taken([8, 6], 5)],
    ['page out of order is taken as far as it is in order', ascending, page([2, 7, 5], 9), taken([2, 7], 7)],
    ['page that begins where it was not asked to', ascending, page([1, 2], 9), MALFORMED],
    ['page newest first that begins above its end', newest, page([9, 8], 7), MALFORMED],
    ['page cut before its first item', ascending, whole.subarray(0, 100), MALFORMED],
    ['page cut in its header', ascending, whole.subarray(0, 20), MALFORMED],
    ['page of another kind', ascending, streamOctets({ v: 1, kind: 'push', count: 0, replicaUid: LAPTOP }, []), MALFORMED],
    ['page of another version', ascending, streamOctets({ v: 2, kind: 'pull', count: 0, ...HEAD, through: 9 }, []), MALFORMED],
  ];
  for (const [name, ask, octets, outcome] of rows) vectors.add(name, ask, streamAnswer(octets), outcome);
}

function addBlobs(vectors) {
  const path = `${BLOBS}/${blobId(1)}`;
  const [head, get, remove] = [['hasBlob', 'HEAD'], ['fetchBlob', 'GET'], ['deleteBlob', 'DELETE']].map(([operation, method]) => [operation, { namespace: NAMESPACE, blobId: blobId(1) }, { method, path }]);
  const part = ['fetchBlobPart', { namespace: NAMESPACE, blobId: blobId(1), from: 2, maxBytes: 3 }, { method: 'GET', path, headers: { Range: 'bytes=2-4' } }];
  const range = (contentRange, octets) => ({ status: 206, headers: { ...OCTETS, 'Content-Range': contentRange }, body: text(octets) });
  const put = ['uploadBlob', { namespace: NAMESPACE, blobId: blobId(1), sealed: text('sealed') }, { method: 'PUT', path, headers: { ...OCTETS, 'Content-Length': '6' }, body: text('sealed') }];
  const rows = [
    ['blob that is there', head, { status: 200 }, value(true)], ['blob that is not there', head, { status: 404 }, value(false)],
    ['blob', get, { status: 200, headers: OCTETS, body: text('sealed') }, value(text('sealed'))], ['no such blob', get, errorAnswer(404, 'notFound'), value(null)],
    ['part of a blob', part, range('bytes 2-4/6', 'ale'), value({ octets: text('ale'), totalBytes: 6 })],
    ['last part of a blob', part, range('bytes 2-3/4', 'al'), value({ octets: text('al'), totalBytes: 4 })],
    ['whole blob where a part was asked for', part, { status: 200, headers: OCTETS, body: text('sealed') }, value({ octets: text('aled'), totalBytes: 6 })],
    ['another part than was asked for', part, range('bytes 1-3/6', 'eal'), MALFORMED], ['part with more than it says', part, range('bytes 2-3/6', 'ale'), MALFORMED],
    ['part of a blob that is shorter', part, errorAnswer(416, 'rangeNotSatisfiable', { 'Content-Range': 'bytes */2' }), { error: 'rangeNotSatisfiable', retryable: false }],
    ['no blob to have a part of', part, errorAnswer(404, 'notFound'), value(null)],
    ['blob stored', put, { status: 201 }, value('stored')], ['blob present', put, { status: 200 }, value('present')],
    ['blob for which there is no room', put, errorAnswer(507, 'quotaExceeded'), { error: 'quotaExceeded', retryable: false }],
    ['blob deleted', remove, { status: 204 }, value(null)],
  ];
  for (const row of rows) vectors.add(...row);
}

function addBlobBatches(vectors) {
  const sent = [{ id: blobId(1), sealed: text('one') }, { id: blobId(2), sealed: text('two') }];
  const up = ['uploadBlobs', { namespace: NAMESPACE, blobs: sent }, { method: 'POST', path: `${BLOBS}/batch-up`, headers: SEQUENCE, body: streamOctets({ v: 1, kind: 'blobs', count: 2 }, sent) }];
  const outcomes = [{ id: blobId(1), outcome: 'stored' }, { id: blobId(2), outcome: 'quotaExceeded' }];
  vectors.add('blobs up', up, cborAnswer({ outcomes }), value(outcomes));
  vectors.add('blobs up of which one is not answered for', up, cborAnswer({ outcomes: outcomes.slice(0, 1) }), MALFORMED);

  const ids = [1, 2, 3].map(blobId);
  const down = ['downloadBlobs', { namespace: NAMESPACE, blobIds: ids }, { method: 'POST', path: `${BLOBS}/batch-down`, headers: CBOR, body: encodeCbor({ ids }) }];
  const items = [{ id: blobId(1), sealed: text('one') }, { id: blobId(2), missing: true }];
  const batch = streamOctets({ v: 1, kind: 'blobs', count: 2, through: 2 }, items);
  vectors.add('blobs down, the third to be asked for again', down, streamAnswer(batch), value(items));
  vectors.add('blobs down without their end record are kept', down, streamAnswer(batch.subarray(0, batch.length - 1)), value(items));
  vectors.add('blobs down cut before the first', down, streamAnswer(batch.subarray(0, 40)), MALFORMED);

  const list = { blobs: [{ blobId: blobId(2), sizeBytes: 3 }], more: false };
  vectors.add('list of blobs', ['listBlobs', { namespace: NAMESPACE, after: blobId(1), limit: 2 }, { method: 'GET', path: `${BLOBS}?after=${blobId(1)}&limit=2` }], cborAnswer(list), value(list));
}

function addIncoming(vectors) {
  const post = (operation, given, body) => [operation, given, { method: 'POST', path: `/v1/incoming/${operation}`, headers: CBOR, body: encodeCbor(body ?? given) }];
  const held = { itemId: itemId(1), lease: leaseOf(1) };
  const items = [{ ...held, sizeBytes: 5, receivedAtMs: 1767225600000, attempts: 0, leaseUntilMs: 1767225660000 }];
  const fetched = [{ itemId: itemId(1), octets: text('-----') }, { itemId: itemId(2), lost: true }];
  const fetch = post('fetch', { items: [held, { ...held, itemId: itemId(2) }] });
  const stream = streamOctets({ v: 1, kind: 'incoming', count: 2 }, fetched);
  vectors.add('lease', post('lease', { replicaUid: PHONE, limit: 20 }), cborAnswer({ items }), value(items));
  vectors.add('fetch', fetch, streamAnswer(stream), value(fetched));
  vectors.add('fetch without its end record', fetch, streamAnswer(stream.subarray(0, stream.length - 1)), { ...value(fetched), ...MALFORMED });
  vectors.add('fetch cut in its second item', fetch, streamAnswer(stream.subarray(0, stream.length - 60)), { ...value(fetched.slice(0, 1)), ...MALFORMED });
  vectors.add('settle', post('settle', { acks: [held], releases: [], failures: [{ ...held, itemId: itemId(2), reason: 'cannotParse' }] }), cborAnswer({ lost: [itemId(2)] }), value({ lost: [itemId(2)] }));
}

function addVault(vectors) {
  const get = ['getVault', {}, { method: 'GET', path: '/v1/vault' }];
  const put = (replaced, condition) => ['putVault', { vault: text('vault'), replaced }, { method: 'PUT', path: '/v1/vault', headers: { ...OCTETS, ...condition }, body: text('vault') }];
  const rows = [
    ['vault', get, { status: 200, headers: { ...OCTETS, ETag: '"v1"' }, body: text('vault') }, value({ vault: text('vault'), version: 'v1' })],
    ['no vault yet', get, errorAnswer(404, 'notFound'), value(null)],
    ['vault without a version', get, { status: 200, headers: OCTETS, body: text('vault') }, MALFORMED],
    ['vault of more than 64 KiB', get, { status: 200, headers: { ...OCTETS, ETag: '"v1"' }, parts: [repeated('00', 65537)] }, MALFORMED],
    ['first vault', put(null, { 'If-None-Match': '*' }), { status: 204, headers: { ETag: '"v1"' } }, value(true)],
    ['vault replaced', put('v1', { 'If-Match': '"v1"' }), { status: 204, headers: { ETag: '"v2"' } }, value(true)],
    ['another device was faster', put('v1', { 'If-Match': '"v1"' }), errorAnswer(412, 'preconditionFailed'), value(false)],
  ];
  for (const row of rows) vectors.add(...row);
}

export function clientVectors(files) {
  const vectors = new ClientVectors(files);
  for (const add of [addInfo, addErrors, addPush, addPull, addBlobs, addBlobBatches, addIncoming, addVault]) add(vectors);
  files.addTable('client.json', { token: 'a-session-token', errors: ERRORS.map(([code, status, retryable]) => ({ code, status, retryable })), vectors: vectors.list });
}
