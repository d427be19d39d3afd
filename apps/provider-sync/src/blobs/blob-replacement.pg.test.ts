import { expect, test } from '@jest/globals';
import { parseBlobId, parseBlobNamespace } from '@paloma/shared-model';
import { infoAnswer, usersPaths } from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, randomText, type TestClient } from '../test/test-client.js';

const provider = providerForTests({ quotaBytes: 3_000_000 });
const path = (id = randomText(43)) => usersPaths.blob(parseBlobNamespace('mail'), parseBlobId(id));
const put = (client: TestClient, where: string, octets: Uint8Array, headers = {}) => client.users('PUT', where, { body: octets, headers: { 'content-length': String(octets.length), ...headers } });
const SEALED_ANEW = { 'if-match': '*' };
const usedBytes = async (client: TestClient): Promise<number> => (await client.cbor(infoAnswer, 'GET', usersPaths.info)).usedBytes;

test.each<[string, number, number]>([['small', 100, 120], ['large', 700_000, 900_000], ['that grows into a file', 100, 700_000], ['that shrinks out of one', 700_000, 100]])(
  'a blob %s is replaced in one step and booked', async (_name, before, after) => {
    const client = await provider.client().signUp();
    const where = path();
    await put(client, where, new Uint8Array(before).fill(1));
    expect((await put(client, where, new Uint8Array(after).fill(2))).status).toBe(200);
    expect((await client.users('GET', where)).body.length).toBe(before);
    expect((await put(client, where, new Uint8Array(after).fill(2), SEALED_ANEW)).status).toBe(200);
    expect((await client.users('GET', where)).body.equals(Buffer.alloc(after, 2))).toBe(true);
    expect(await usedBytes(client)).toBe(after);
  });

test('what is not there is not replaced, and what does not fit leaves the old one', async () => {
  const client = await provider.client().signUp();
  const answer = await put(client, path(), new Uint8Array(10), SEALED_ANEW);
  expect([answer.status, jsonOf(answer)]).toEqual([412, { error: 'preconditionFailed' }]);
  const where = path();
  await put(client, where, new Uint8Array(10).fill(1));
  expect((await put(client, where, new Uint8Array(3_100_000), SEALED_ANEW)).status).toBe(507);
  expect([(await client.users('GET', where)).body.length, await usedBytes(client)]).toEqual([10, 10]);
});
