import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { encodeCbor } from '../cbor.js';
import { PUSH_STREAM, type PushItem } from '../messages/push.js';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.js';
import { DOCUMENT_STREAM_LIMITS } from '../stream-limits.js';
import { decodeStream, type StreamLimits } from './decode-stream.js';
import { encodeStream } from './encode-stream.js';

const replicaUid = 'r'.repeat(22);
const base64url = (length: number) => fc.string({ unit: fc.constantFrom(...'ABCxyz019-_'), minLength: length, maxLength: length });

const anyItem = fc.record({
  id: base64url(32),
  revision: fc.tuple(base64url(22), fc.integer({ min: 1, max: 1e9 })).map(([uid, count]) => `${uid}:${count}`),
  class: fc.constantFrom(0, 1, 2),
  epoch: fc.integer({ min: 1, max: 1000 }),
  tombstone: fc.boolean(),
  sealed: fc.uint8Array({ maxLength: 5000 }),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<PushItem>;
const anyItems = fc.array(anyItem, { maxLength: 6 });

const encode = async (items: readonly PushItem[]): Promise<Uint8Array> =>
  Buffer.concat(await Array.fromAsync(encodeStream(PUSH_STREAM, { count: items.length, replicaUid: replicaUid as never }, items)));

async function* inChunks(octets: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let position = 0, turn = 0; position < octets.length; turn++) {
    const size = sizes[turn % sizes.length] ?? octets.length;
    yield octets.subarray(position, position += size);
  }
}

async function decode(octets: Uint8Array, sizes: readonly number[] = [], limits: StreamLimits = DOCUMENT_STREAM_LIMITS) {
  const items: PushItem[] = [];
  const stream = decodeStream(inChunks(octets, sizes), PUSH_STREAM, limits);
  try {
    for await (const item of stream.items) items.push(item);
    return { items, error: null };
  } catch (error) {
    return { items, error: error instanceof ProtocolError ? error.code : error };
  }
}

const plain = (items: readonly PushItem[]) => items.map((item) => ({ ...item, sealed: [...item.sealed] }));

property('a stream comes out as it went in, however it is cut into chunks',
  fc.tuple(anyItems, fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 })), async ([items, sizes]) => {
    const decoded = await decode(await encode(items), sizes);
    expect(decoded.error).toBeNull();
    expect(plain(decoded.items)).toEqual(plain(items));
  });

property('a stream cut anywhere is an error, after the items that were complete', fc.tuple(anyItems, fc.nat()), async ([items, at]) => {
  const octets = await encode(items);
  const decoded = await decode(octets.subarray(0, at % octets.length), [777]);
  expect(decoded.error).toBe('truncated');
  expect(plain(decoded.items)).toEqual(plain(items.slice(0, decoded.items.length)));
});

property('a stream with one bit changed is an error', fc.tuple(anyItems, fc.nat(), fc.integer({ min: 0, max: 7 })), async ([items, at, bit]) => {
  const octets = Uint8Array.from(await encode(items));
  const index = at % octets.length;
  octets[index] = (octets[index] ?? 0) ^ (1 << bit);
  expect((await decode(octets)).error).not.toBeNull();
});

property('arbitrary octets end in our own error', fc.uint8Array({ maxLength: 400 }), async (octets) => {
  expect(typeof (await decode(octets)).error).toBe('string');
});

const sample = { id: 'd'.repeat(32), revision: `${replicaUid}:1`, class: 1, epoch: 1, tombstone: false, sealed: new Uint8Array(100) } as unknown as PushItem;
const header = (fields: object) => encodeCbor({ v: 1, kind: 'push', count: 1, replicaUid, ...fields });
const end = encodeCbor({ end: true, count: 1, digest: new Uint8Array(32) });
const join = (...records: Uint8Array[]) => Buffer.concat(records);
const limits = (change: Partial<StreamLimits>) => ({ ...DOCUMENT_STREAM_LIMITS, ...change });

const refusals: [name: string, octets: Uint8Array, limits: StreamLimits, code: ProtocolErrorCode][] = [
  ['another version', header({ v: 2 }), limits({}), 'unsupportedVersion'],
  ['another kind', header({ kind: 'pull' }), limits({}), 'malformed'],
  ['fewer items than announced', join(header({ count: 2 }), encodeCbor(sample), end), limits({}), 'badCount'],
  ['more items than announced', join(header({}), encodeCbor(sample), encodeCbor(sample), end), limits({}), 'badCount'],
  ['a wrong digest', join(header({}), encodeCbor(sample), end), limits({}), 'badDigest'],
  ['too many items', header({ count: 3 }), limits({ records: 2 }), 'tooLarge'],
  ['a record over the limit, before it has arrived', join(header({}), encodeCbor(sample).subarray(0, 64)), limits({ recordBytes: 80 }), 'tooLarge'],
  ['a stream over the limit', join(header({}), encodeCbor(sample)), limits({ streamBytes: 90 }), 'tooLarge'],
  ['an indefinite map', Uint8Array.of(0xbf, 0xff), limits({}), 'malformed'],
  ['a tag', Uint8Array.of(0xc0, 0x60), limits({}), 'malformed'],
  ['an announced length of 2^63', Uint8Array.of(0x5b, 0x80, 0, 0, 0, 0, 0, 0, 0), limits({}), 'tooLarge'],
  ['an endless map of tiny entries', Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff, 0, 0), limits({}), 'tooLarge'],
];

test.each(refusals)('a stream with %s is refused', async (_name, octets, bounds, code) => {
  expect((await decode(octets, [7], bounds)).error).toBe(code);
});

test('octets after the end record are refused', async () => {
  const octets = join(await encode([sample]), Uint8Array.of(0));
  expect(await decode(octets)).toMatchObject({ items: [{ id: sample.id }], error: 'malformed' });
});

test('a source that fails is a truncated stream, and is let go', async () => {
  let isClosed = false;
  async function* failing(): AsyncGenerator<Uint8Array> {
    try {
      yield header({});
      yield encodeCbor(sample);
    } finally {
      isClosed = true;
    }
  }
  const stream = decodeStream(failing(), PUSH_STREAM, DOCUMENT_STREAM_LIMITS);
  for await (const item of stream.items) {
    expect(item.id).toBe(sample.id);
    break;
  }
  expect(isClosed).toBe(true);
});

test('an encoder whose items do not match the count announced says so', async () => {
  const chunks = Array.fromAsync(encodeStream(PUSH_STREAM, { count: 2, replicaUid: replicaUid as never }, [sample]));
  await expect(chunks).rejects.toMatchObject({ code: 'badCount' });
});
