// messages.json: every message of docs/protocol/sync.md as octets and as what they say, and octets that say nothing.

import { encodeCbor } from '@paloma/sync-protocol';
import { ACCOUNT, LAPTOP, PHONE, blobId, document, documentId, itemId, leaseOf, text, transactionId } from './names.mjs';
import { repeated, streamOctets } from './vector-files.mjs';

const LIMITS = { sealedDocumentBytes: 1048576, blobBytes: 104857600, batchBytes: 33554432, batchRecords: 2000, quotaBytes: 1073741824 };
const pull = (change = {}) => ({ v: 1, replicaUid: PHONE, since: 0, classes: [0, 1, 2], limit: 100, known: null, ...change });

/** CBOR bodies: message, name, value. */
const BODIES = [
  ['infoAnswer', 'info of an account that nothing was pushed to', { v: 1, accountId: ACCOUNT, generation: 0, transactionId: '', limits: LIMITS, usedBytes: 0 }],
  ['infoAnswer', 'info of an account in use', { v: 1, accountId: ACCOUNT, generation: 70000, transactionId: transactionId(9), limits: LIMITS, usedBytes: 5000000000 }],
  ['pullRequest', 'pull from the beginning', pull()],
  ['pullRequest', 'pull of what is new since the newest head', pull({ since: 41, classes: [0], limit: 2000, known: { generation: 41, transactionId: transactionId(4) } })],
  ['pullRequest', 'pull newest first down from a floor with what was written here', pull({ classes: [1], order: 'newest', until: 300, own: true })],
  ['pullRequest', 'pull ascending by name', pull({ order: 'ascending', own: false })],
  ['pushAnswer', 'answer to an empty push', { generation: 0, transactionId: '', outcomes: [] }],
  ['pushAnswer', 'answer with every outcome', {
    generation: 6, transactionId: transactionId(2),
    outcomes: ['inserted', 'superseded', 'converged', 'conflicted'].map((outcome, index) => ({ id: documentId(index + 1), outcome, generation: index + 3 })),
  }],
  ['blobListAnswer', 'list of no blobs', { blobs: [], more: false }],
  ['blobListAnswer', 'page of a list of blobs', { blobs: [{ blobId: blobId(1), sizeBytes: 0 }, { blobId: blobId(2), sizeBytes: 104857600 }], more: true }],
  ['blobsUpAnswer', 'answer to a batch of blobs', { outcomes: ['stored', 'present', 'tooLarge', 'quotaExceeded'].map((outcome, index) => ({ id: blobId(index + 1), outcome })) }],
  ['blobsDownRequest', 'batch of blobs asked for', { ids: [blobId(1), blobId(2)] }],
  ['leaseRequest', 'lease', { replicaUid: PHONE, limit: 20 }],
  ['leaseAnswer', 'leased items', {
    items: [{ itemId: itemId(1), lease: leaseOf(1), sizeBytes: 4096, receivedAtMs: 1767225600000, attempts: 3, leaseUntilMs: 1767225660000 }],
  }],
  ['incomingFetchRequest', 'fetch', { items: [{ itemId: itemId(1), lease: leaseOf(1) }] }],
  ['settleRequest', 'settle', {
    acks: [{ itemId: itemId(1), lease: leaseOf(1) }], releases: [{ itemId: itemId(2), lease: leaseOf(2) }],
    failures: ['cannotDecrypt', 'cannotParse', 'tooLarge', 'internal'].map((reason, index) => ({ itemId: itemId(index + 3), lease: leaseOf(index + 3), reason })),
  }],
  ['settleAnswer', 'settled and two lost', { lost: [itemId(1), itemId(2)] }],
];

const item = (number, change = {}) => document(number, `${LAPTOP}:1`, change);
const pulled = (number, generation, change = {}) => ({ ...item(number, change), generation });

/** Streams: kind, name, header without `v`, `kind` and `count`, items. `blobsUp` and `blobsDown` are both of kind `blobs` on the wire. */
const STREAMS = [
  ['push', 'push of nothing', { replicaUid: LAPTOP }, []],
  ['push', 'push of one document of each class and a tombstone', { replicaUid: LAPTOP }, [
    item(1), item(2, { class: 1, epoch: 2 }), item(3, { class: 2, revision: `${LAPTOP}:12|${PHONE}:7` }), item(4, { tombstone: true, sealed: new Uint8Array(0) }),
  ]],
  ['push', 'push with lengths of every width', { replicaUid: LAPTOP }, [23, 24, 255, 256].map((size, index) => item(index, { sealed: new Uint8Array(size).fill(index), epoch: 2 ** (index * 10) }))],
  ['pull', 'page in ascending order', { generation: 9, transactionId: transactionId(3), through: 7 }, [pulled(1, 2), pulled(2, 7, { class: 1 })]],
  ['pull', 'page newest first from a log with removed tombstones', { generation: 9, transactionId: transactionId(3), through: 4, compacted: 3 }, [pulled(2, 9), pulled(1, 5)]],
  ['pull', 'page with nothing', { generation: 0, transactionId: '', through: 0 }, []],
  ['blobsUp', 'blobs up', {}, [{ id: blobId(1), sealed: text('one') }, { id: blobId(2), sealed: new Uint8Array(0) }]],
  ['blobsDown', 'blobs down', { through: 3 }, [{ id: blobId(1), sealed: text('one') }, { id: blobId(2), missing: true }, { id: blobId(3), tooLarge: true }]],
  ['incoming', 'incoming items', {}, [{ itemId: itemId(1), octets: text('-----BEGIN PGP MESSAGE-----') }, { itemId: itemId(2), lost: true }]],
];
const WIRE_KIND = { blobsUp: 'blobs', blobsDown: 'blobs' };

const HEADER = { v: 1, kind: 'push', count: 1, replicaUid: LAPTOP };
const ONE = streamOctets(HEADER, [item(1)]);
const HEADER_BYTES = encodeCbor(HEADER).length;
const ITEM_BYTES = encodeCbor(item(1)).length;
const changedAt = (octets, index) => Uint8Array.from(octets, (octet, position) => (position === index ? octet ^ 1 : octet));
const pushOf = (change) => streamOctets(HEADER, [{ ...item(1), ...change }]);
const rawMap = (...pairs) => Buffer.concat([Uint8Array.of(0xa0 + pairs.length), ...pairs.flat()]);
const rawItem = (field, octets) => {
  const entries = Object.entries(item(1)).map(([name, value]) => [encodeCbor(name), name === field ? octets : encodeCbor(value)]);
  return streamOctets(HEADER, [rawMap(...entries)]);
};

/** Push streams that are wrong: error, how many items are complete before it, name, octets. */
const WRONG_STREAMS = [
  ['truncated', 0, 'no octets', new Uint8Array(0)],
  ['truncated', 0, 'cut in the header', ONE.subarray(0, HEADER_BYTES - 1)],
  ['truncated', 0, 'cut behind the header', ONE.subarray(0, HEADER_BYTES)],
  ['truncated', 0, 'cut in an item', ONE.subarray(0, HEADER_BYTES + ITEM_BYTES - 1)],
  ['truncated', 1, 'no end record', ONE.subarray(0, HEADER_BYTES + ITEM_BYTES)],
  ['truncated', 1, 'cut in the end record', ONE.subarray(0, ONE.length - 1)],
  ['badDigest', 1, 'digest of other octets', changedAt(ONE, ONE.length - 1)],
  ['badDigest', 1, 'one octet of an item changed', changedAt(ONE, ONE.indexOf("sealed 1") + 3)],
  ['badCount', 1, 'fewer items than the header counts', streamOctets({ ...HEADER, count: 2 }, [item(1)])],
  ['badCount', 0, 'more items than the header counts', streamOctets({ ...HEADER, count: 0 }, [item(1)])],
  ['badCount', 1, 'end record with another count', streamOctets(HEADER, [item(1)], { count: 2 })],
  ['malformed', 1, 'digest of 31 octets', streamOctets(HEADER, [item(1)], { digest: new Uint8Array(31) })],
  ['malformed', 1, 'octets behind the end record', Buffer.concat([ONE, Uint8Array.of(0)])],
  ['unsupportedVersion', 0, 'another version', streamOctets({ ...HEADER, v: 2 }, [item(1)])],
  ['malformed', 0, 'another kind', streamOctets({ ...HEADER, kind: 'pull' }, [item(1)])],
  ['malformed', 0, 'no header', streamOctets(item(1), [])],
  ['malformed', 0, 'header that is no map', streamOctets([1], [])],
  ['malformed', 0, 'header without a replica', streamOctets({ v: 1, kind: 'push', count: 0 }, [])],
  ['malformed', 0, 'replica uid of 21 characters', streamOctets({ ...HEADER, replicaUid: LAPTOP.slice(1) }, [item(1)])],
  ['malformed', 0, 'negative count', streamOctets({ ...HEADER, count: -1 }, [])],
  ['malformed', 0, 'no CBOR', text('<html></html>')],
  ['tooLarge', 0, 'JSON, which begins like a text without end', text('{"v":1,"kind":"push","count":0}')],
  ['malformed', 0, 'map of indefinite length', Uint8Array.of(0xbf, 0xff)],
  ['malformed', 0, 'byte string of indefinite length', rawItem('sealed', Uint8Array.of(0x5f, 0x41, 0x00, 0xff))],
  ['malformed', 0, 'tag', rawItem('epoch', Uint8Array.of(0xc2, 0x41, 0x01))],
  ['malformed', 0, 'undefined', rawItem('tombstone', Uint8Array.of(0xf7))],
  ['malformed', 0, 'not a number', rawItem('epoch', Uint8Array.of(0xf9, 0x7e, 0x00))],
  ['malformed', 0, 'number longer than it need be', rawItem('epoch', Uint8Array.of(0x18, 0x01))],
  ['malformed', 0, 'the same key twice', streamOctets(HEADER, [rawMap(...[1, 2].map(() => [encodeCbor('id'), encodeCbor(documentId(1))]))])],
  ['malformed', 0, 'text that is no UTF-8', rawItem('revision', Uint8Array.of(0x62, 0xc3, 0x28))],
  ['malformed', 0, 'item that is no map', streamOctets(HEADER, [[1, 2]])],
  ['malformed', 0, 'item without a revision', pushOf({ revision: undefined })],
  ['malformed', 0, 'empty revision', pushOf({ revision: '' })],
  ['malformed', 0, 'revision out of order', pushOf({ revision: `${PHONE}:1|${LAPTOP}:1` })],
  ['malformed', 0, 'revision with a counter of zero', pushOf({ revision: `${LAPTOP}:0` })],
  ['malformed', 0, 'revision with leading zeros', pushOf({ revision: `${LAPTOP}:01` })],
  ['malformed', 0, 'revision of 257 replicas', pushOf({ revision: Array.from({ length: 257 }, (_, index) => `${String(index).padStart(22, '0')}:1`).join('|') })],
  ['malformed', 0, 'document id of 31 characters', pushOf({ id: documentId(1).slice(1) })],
  ['malformed', 0, 'document id that is not base64url', pushOf({ id: `+${documentId(1).slice(1)}` })],
  ['malformed', 0, 'class 3', pushOf({ class: 3 })],
  ['malformed', 0, 'epoch 0', pushOf({ epoch: 0 })],
  ['malformed', 0, 'epoch of 2^31', pushOf({ epoch: 2 ** 31 })],
  ['malformed', 0, 'tombstone as a number', pushOf({ tombstone: 1 })],
  ['malformed', 0, 'sealed as text', pushOf({ sealed: 'sealed' })],
  ['tooLarge', 0, 'header that counts 2001 items', streamOctets({ ...HEADER, count: 2001 }, [])],
  ['tooLarge', 0, 'byte string announced larger than any record', Buffer.concat([encodeCbor(HEADER), Uint8Array.of(0xa1, 0x66), text('sealed'), Uint8Array.of(0x5a, 0x02, 0, 0, 0)])],
  ['tooLarge', 0, 'byte string announced with 2^63 octets', Buffer.concat([encodeCbor(HEADER), Uint8Array.of(0x5b, 0x80, 0, 0, 0, 0, 0, 0, 0)])],
  ['tooLarge', 0, 'map of 2^32 entries', Buffer.concat([encodeCbor(HEADER), Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff, 0, 0)])],
  ['tooLarge', 0, 'record of 65 data items', streamOctets(HEADER, [Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`k${index}`, 0]))])],
];

/** CBOR bodies that are wrong: error, message, name, parts. */
const WRONG_BODIES = [
  ['truncated', 'pullRequest', 'pull of no octets', new Uint8Array(0)],
  ['truncated', 'pullRequest', 'pull cut off', encodeCbor(pull()).subarray(0, 40)],
  ['malformed', 'pullRequest', 'pull with octets behind it', Buffer.concat([encodeCbor(pull()), Uint8Array.of(0)])],
  ['unsupportedVersion', 'pullRequest', 'pull of another version', encodeCbor(pull({ v: 2 }))],
  ['malformed', 'pullRequest', 'pull without classes', encodeCbor(pull({ classes: [] }))],
  ['malformed', 'pullRequest', 'pull of four classes', encodeCbor(pull({ classes: [0, 1, 2, 0] }))],
  ['malformed', 'pullRequest', 'pull with limit 0', encodeCbor(pull({ limit: 0 }))],
  ['malformed', 'pullRequest', 'pull from a negative generation', encodeCbor(pull({ since: -1 }))],
  ['malformed', 'pullRequest', 'pull from a fraction', encodeCbor(pull({ since: 1.5 }))],
  ['malformed', 'pullRequest', 'pull from above 2^53', encodeCbor({ ...pull(), since: 2n ** 53n })],
  ['malformed', 'pullRequest', 'pull without known', encodeCbor(pull({ known: undefined }))],
  ['malformed', 'pullRequest', 'pull in an order that there is not', encodeCbor(pull({ order: 'oldest' }))],
  ['malformed', 'pullRequest', 'ascending pull with an end', encodeCbor(pull({ until: 3 }))],
  ['malformed', 'leaseRequest', 'lease with limit 0', encodeCbor({ replicaUid: PHONE, limit: 0 })],
  ['malformed', 'incomingFetchRequest', 'fetch with a lease of 21 characters', encodeCbor({ items: [{ itemId: itemId(1), lease: leaseOf(1).slice(1) }] })],
  ['malformed', 'incomingFetchRequest', 'fetch of 501 items', encodeCbor({ items: Array.from({ length: 501 }, (_, index) => ({ itemId: itemId(index), lease: leaseOf(index) })) })],
  ['malformed', 'settleRequest', 'settle without releases', encodeCbor({ acks: [], failures: [] })],
  ['malformed', 'settleRequest', 'failure for a reason that there is not', encodeCbor({ acks: [], releases: [], failures: [{ itemId: itemId(1), lease: leaseOf(1), reason: 'tired' }] })],
  ['malformed', 'blobsDownRequest', 'batch with a blob id of 42 characters', encodeCbor({ ids: [blobId(1).slice(1)] })],
  ['malformed', 'pushAnswer', 'outcome that there is not', encodeCbor({ generation: 1, transactionId: transactionId(1), outcomes: [{ id: documentId(1), outcome: 'merged', generation: 1 }] })],
  ['unsupportedVersion', 'infoAnswer', 'info of another version', encodeCbor({ ...BODIES[0][2], v: 2 })],
  ['malformed', 'infoAnswer', 'info without limits', encodeCbor({ v: 1, accountId: ACCOUNT, generation: 0, transactionId: '', usedBytes: 0 })],
];

const event = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const HEAD = { generation: 3, transactionId: transactionId(1), source: LAPTOP };

/** Event streams: name, text, events or error. */
const EVENT_STREAMS = [
  ['one event of each name between comments', `:\n\n${event('generation', HEAD)}:\n\n${event('incoming', { pending: 2 })}${event('vault', { version: 'v2' })}${event('devices', {})}`,
    [['generation', HEAD], ['incoming', { pending: 2 }], ['vault', { version: 'v2' }], ['devices', {}]]],
  ['first events of a new account', event('generation', { generation: 0, transactionId: '', source: null }) + event('incoming', { pending: 0 }),
    [['generation', { generation: 0, transactionId: '', source: null }], ['incoming', { pending: 0 }]]],
  ['lines that end in CR LF and fields in the other order', 'data:{"pending":1}\r\nevent:incoming\r\n\r\n', [['incoming', { pending: 1 }]]],
  ['events and fields that are not known are passed over', `id: 7\nretry: 10\n${event('weather', { sun: true })}${event('incoming', { pending: 3, more: 1 })}`, [['incoming', { pending: 3 }]]],
  ['an event without its end is none', event('incoming', { pending: 4 }) + 'event: incoming\ndata: {"pending":5}\n', [['incoming', { pending: 4 }]]],
  ['data that is no JSON', 'event: incoming\ndata: pending\n\n', 'malformed'],
  ['data that breaks its schema', event('incoming', { pending: -1 }), 'malformed'],
  ['a line of more than 16 KiB', `: ${'x'.repeat(17000)}`, 'tooLarge'],
];

/** What the provider answers to a request that is wrong in this way, docs/protocol/sync.md §1. */
const CODE_BY_ERROR = { truncated: 'badRequest', badDigest: 'badRequest', badCount: 'badRequest', malformed: 'badRequest', tooLarge: 'tooLarge', unsupportedVersion: 'unsupportedVersion' };

export function messageVectors(files) {
  const bodies = BODIES.map(([message, name, value]) => ({ name, message, octets: files.addOctets('body', name, encodeCbor(value)), value }));
  const streams = STREAMS.map(([kind, name, extra, items]) => {
    const header = { v: 1, kind: WIRE_KIND[kind] ?? kind, count: items.length, ...extra };
    return { name, kind, octets: files.addOctets('stream', name, streamOctets(header, items)), header, items };
  });
  const wrongStreams = WRONG_STREAMS.map(([error, completeItems, name, octets]) =>
    ({ name, kind: 'push', octets: files.addOctets('wrong-stream', name, octets), error, code: CODE_BY_ERROR[error], completeItems }));
  const wrongBodies = WRONG_BODIES.map(([error, message, name, octets]) =>
    ({ name, message, octets: files.addOctets('wrong-body', name, octets), error, code: CODE_BY_ERROR[error] }));
  const events = EVENT_STREAMS.map(([name, content, expected]) => ({
    name, octets: files.addOctets('events', name, text(content)),
    ...(typeof expected === 'string' ? { error: expected } : { events: expected.map(([eventName, data]) => ({ event: eventName, data })) }),
  }));
  files.addTable('messages.json', {
    bodies: [...bodies, ...lenientBodies(files)], streams, invalidBodies: [...wrongBodies, ...largeBodies()], invalidStreams: [...wrongStreams, ...largeStreams(files)], eventStreams: events,
  });
}

/** Read alike, though this is not how they are written. */
function lenientBodies(files) {
  const value = { replicaUid: PHONE, limit: 20 };
  const entries = Object.entries(value).map(([name, held]) => [encodeCbor(name), encodeCbor(held)]);
  const bodies = [['keys in another order', rawMap(...entries)], ['a field that is not known', encodeCbor({ ...value, colour: 'blue' })]];
  return bodies.map(([name, octets]) => ({ name, message: 'leaseRequest', octets: files.addOctets('body', name, octets), value, isLenient: true }));
}

function largeBodies() {
  return [{ name: 'body of more than 65536 data items', message: 'blobsDownRequest', octets: [repeated('a1', 1), repeated('63696473', 1), repeated('9a00010000', 1), repeated('00', 65536)], error: 'tooLarge', code: 'tooLarge' }];
}

/** A record one octet over what a provider takes, and one over what any reader takes. Zeros are not in a file. */
function largeStreams(files) {
  return [['sealed document one octet over 1 MiB', 2 ** 20 + 1, { code: 'tooLarge', completeItems: 1 }], ['record over 1 MiB and 16 KiB', 2 ** 20 + 2 ** 14, { error: 'tooLarge', code: 'tooLarge', completeItems: 0 }]]
    .map(([name, sealedBytes, outcome]) => ({ name, kind: 'push', octets: largePush(files, name, sealedBytes), ...outcome }));
}

function largePush(files, name, sealedBytes) {
  const whole = streamOctets(HEADER, [item(1, { sealed: new Uint8Array(sealedBytes) })]);
  const zerosAt = whole.indexOf(new Uint8Array(4096));
  const behind = zerosAt + sealedBytes;
  return [
    ...files.addOctets('wrong-stream', `${name} before`, whole.subarray(0, zerosAt)), repeated('00', sealedBytes),
    ...files.addOctets('wrong-stream', `${name} behind`, whole.subarray(behind)),
  ];
}
