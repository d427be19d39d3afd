import { expect, test } from '@jest/globals';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_SEALED_DOCUMENT_BYTES, parseReplicaUid, type Generation, type TransactionId } from '@paloma/shared-model';
import { encodeCbor, encodeStream, infoAnswer, PUSH_STREAM, usersPaths, type PushItem } from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, newDocument, octets, randomText } from '../test/test-client.js';

const provider = providerForTests();
const newClient = () => provider.client().signUp();
const [a, b] = [parseReplicaUid('a'.repeat(22)), parseReplicaUid('b'.repeat(22))];
const outcomesOf = ({ outcomes }: { outcomes: { outcome: string }[] }) => outcomes.map(({ outcome }) => outcome);
const streamOf = async (items: PushItem[]) => Buffer.concat(await Array.fromAsync(encodeStream(PUSH_STREAM, { count: items.length, replicaUid: a }, items)));
async function* inParts(...parts: Uint8Array[]) {
  yield* parts;
}

test('info tells head, limits and use of a new account and after a push', async () => {
  const client = await newClient();
  expect(await client.cbor(infoAnswer, 'GET', usersPaths.info)).toEqual({
    v: 1, accountId: client.accountId, generation: 0, transactionId: '', usedBytes: 0,
    limits: { sealedDocumentBytes: MAX_SEALED_DOCUMENT_BYTES, blobBytes: 100 * 2 ** 20, batchBytes: MAX_BATCH_BYTES, batchRecords: MAX_BATCH_RECORDS, quotaBytes: 2 ** 30 },
  });
  const { generation, transactionId } = await client.push([newDocument({ sealed: new Uint8Array(10) }), newDocument({ sealed: new Uint8Array(5) })]);
  expect(await client.cbor(infoAnswer, 'GET', usersPaths.info)).toMatchObject({ generation, transactionId, usedBytes: 15 });
});

test('a push gives each document the next generation and the batch one transaction; the same push again changes nothing', async () => {
  const client = await newClient();
  const items = [newDocument(), newDocument({ tombstone: true }), newDocument()];
  const first = await client.push(items);
  expect(first).toEqual({ generation: 3, transactionId: expect.stringMatching(/^.{22}$/), outcomes: items.map(({ id }, index) => ({ id, outcome: 'inserted', generation: index + 1 })) });
  const again = await client.push(items);
  expect(again).toEqual({ ...first, outcomes: first.outcomes.map((outcome) => ({ ...outcome, outcome: 'converged' })) });
  const later = await client.push([newDocument()]);
  expect(later.generation).toBe(4);
  expect(later.transactionId).not.toBe(first.transactionId);
});

test('put-if-newer is judged for each document, and what is refused arrives with the next pull', async () => {
  const client = await newClient();
  const [newer, older, concurrent, resealed] = [randomText(32), randomText(32), randomText(32), randomText(32)];
  await client.push([newer, older, concurrent, resealed].map((id) => newDocument({ id, revision: `${a}:2` })), a);
  const answer = await client.push([
    newDocument({ id: newer, revision: `${a}:3`, sealed: octets('newer') }),
    newDocument({ id: older, revision: `${a}:1`, sealed: octets('older') }),
    newDocument({ id: concurrent, revision: `${a}:1|${b}:1`, sealed: octets('concurrent') }),
    newDocument({ id: resealed, revision: `${a}:2`, epoch: 2, sealed: octets('resealed') }),
  ], b);
  expect(answer.outcomes.map(({ outcome, generation }) => [outcome, generation])).toEqual([['inserted', 5], ['superseded', 2], ['conflicted', 3], ['inserted', 6]]);
  const { items } = await client.pull();
  expect(items.map(({ id, generation, sealed }) => [id, generation, Buffer.from(sealed).toString()])).toEqual([
    [older, 2, 'sealed'], [concurrent, 3, 'sealed'], [newer, 5, 'newer'], [resealed, 6, 'resealed'],
  ]);
});

test('pushes at the same time get generations without gaps', async () => {
  const client = await newClient();
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.push([newDocument(), newDocument()])));
  const generations = answers.flatMap(({ outcomes }) => outcomes.map(({ generation }) => generation)).sort((x, y) => x - y);
  expect(generations).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  for (const { outcomes } of answers) expect(outcomes[1]!.generation).toBe(outcomes[0]!.generation + 1);
});

test('a push that is cut off, changed or wrong in count stores nothing', async () => {
  const client = await newClient();
  const whole = await streamOf([newDocument(), newDocument()]);
  const changed = Buffer.from(whole);
  changed[whole.length - 50]! ^= 1;
  for (const broken of [whole.subarray(0, whole.length - 1), whole.subarray(0, whole.length - 60), changed, Buffer.concat([whole, whole])]) {
    const answer = await client.pushRaw(inParts(broken));
    expect([answer.status, jsonOf(answer)]).toEqual([400, { error: 'badRequest' }]);
  }
  expect((await client.pull()).header.generation).toBe(0);
});

test.each([
  ['another version', encodeCbor({ v: 2, kind: 'push', count: 0, replicaUid: a }), 426, 'unsupportedVersion'],
  ['no replica', encodeCbor({ v: 1, kind: 'push', count: 0 }), 400, 'badRequest'],
  ['too many records', encodeCbor({ v: 1, kind: 'push', count: MAX_BATCH_RECORDS + 1, replicaUid: a }), 413, 'tooLarge'],
  ['no CBOR', octets('{"v":1}'), 400, 'badRequest'],
])('a push with %s is refused', async (_name, body, status, error) => {
  const answer = await (await newClient()).pushRaw(inParts(body));
  expect([answer.status, jsonOf(answer)]).toEqual([status, { error }]);
});

test('a sealed document may have the largest size and not one octet more', async () => {
  const client = await newClient();
  expect(outcomesOf(await client.push([newDocument({ sealed: new Uint8Array(MAX_SEALED_DOCUMENT_BYTES) })]))).toEqual(['inserted']);
  const answer = await client.pushRaw(inParts(await streamOf([newDocument({ sealed: new Uint8Array(MAX_SEALED_DOCUMENT_BYTES + 1) })])));
  expect([answer.status, jsonOf(answer)]).toEqual([413, { error: 'tooLarge' }]);
});

test('a pull goes page by page, each document once in its last state', async () => {
  const client = await newClient();
  const items = Array.from({ length: 7 }, (_, index) => newDocument({ sealed: octets(`document ${index}`) }));
  await client.push(items);
  await client.push([{ ...items[2]!, revision: `${'r'.repeat(22)}:2` as never, sealed: octets('changed') }]);
  const seen: string[] = [];
  for (let since = 0 as Generation, pages = 0; ; pages++) {
    const { header, items: page } = await client.pull({ since, limit: 3 });
    seen.push(...page.map(({ sealed }) => Buffer.from(sealed).toString()));
    since = header.through;
    expect(header.generation).toBe(8);
    if (header.through === header.generation) {
      expect(pages).toBe(2);
      break;
    }
  }
  expect(seen).toEqual(['document 0', 'document 1', 'document 3', 'document 4', 'document 5', 'document 6', 'changed']);
});

test('newest first goes back from the head page by page, and ends a page by its octets too', async () => {
  const client = await newClient();
  const large = () => newDocument({ class: 1, sealed: new Uint8Array(MAX_SEALED_DOCUMENT_BYTES) });
  await client.push(Array.from({ length: 17 }, large));
  await client.push([newDocument({ class: 0 }), ...Array.from({ length: 16 }, large)]);
  const newest = async (asked: object) => {
    const { header: { through, generation }, items } = await client.pull({ classes: [1], order: 'newest', ...asked });
    return { generations: items.map((item) => Number(item.generation)), through, head: generation };
  };
  expect(await newest({ limit: 3 })).toEqual({ generations: [34, 33, 32], through: 31, head: 34 });
  const { generations, through } = await newest({});
  expect([generations.length, generations[0], through]).toEqual([32, 34, 1]);
  expect(await newest({ until: through })).toEqual({ generations: [1], through: 0, head: 34 });
  expect(await newest({ until: 3, since: 1 })).toEqual({ generations: [3, 2], through: 1, head: 34 });
  expect((await client.pullRaw({ until: 3 as Generation })).status).toBe(400);
});

test('a page ends before it is larger than a batch, but never empty', async () => {
  const client = await newClient();
  const megabyte = () => newDocument({ sealed: new Uint8Array(MAX_SEALED_DOCUMENT_BYTES) });
  for (let batch = 0; batch < 2; batch++) await client.push(Array.from({ length: 17 }, megabyte));
  const { header, items } = await client.pull();
  expect([items.length, header.through, header.generation]).toEqual([32, 32, 34]);
  expect((await client.pull({ since: header.through })).items).toHaveLength(2);
});

test('classes are asked for apart, and what a replica wrote itself is not sent back', async () => {
  const client = await newClient();
  await client.push([newDocument({ class: 0 }), newDocument({ class: 1 })], a);
  await client.push([newDocument({ class: 2 }), newDocument({ class: 0 })], b);
  const generations = async (asked: object) => (await client.pull(asked)).items.map(({ generation }) => generation);
  expect(await generations({ classes: [0] })).toEqual([1, 4]);
  expect(await generations({ classes: [1, 2] })).toEqual([2, 3]);
  expect(await generations({ replicaUid: a })).toEqual([3, 4]);
  expect((await client.pull({ replicaUid: b, classes: [2] })).header).toMatchObject({ count: 0, through: 4 });
});

test('a head that the log never gave out is an alarm', async () => {
  const client = await newClient();
  const first = await client.push([newDocument()]);
  const second = await client.push([newDocument(), newDocument()]);
  const pullKnowing = async (generation: number, transactionId: string) =>
    client.pullRaw({ known: { generation: generation as Generation, transactionId: transactionId as TransactionId } });
  expect((await pullKnowing(0, '')).status).toBe(200);
  expect((await pullKnowing(first.generation, first.transactionId)).status).toBe(200);
  expect((await pullKnowing(second.generation, second.transactionId)).status).toBe(200);
  const unknown = await pullKnowing(9, second.transactionId);
  expect([unknown.status, jsonOf(unknown)]).toEqual([409, { error: 'generationUnknown' }]);
  const mismatch = await pullKnowing(second.generation, first.transactionId);
  expect([mismatch.status, jsonOf(mismatch)]).toEqual([409, { error: 'transactionMismatch' }]);
});

test('requests without a session, or with that of nobody, are refused', async () => {
  for (const token of [undefined, 'x'.repeat(43)]) {
    const answer = await provider.client().users('GET', usersPaths.info, { token });
    expect([answer.status, jsonOf(answer)]).toEqual([401, { error: 'unauthorized' }]);
  }
});
