import { expect, test } from '@jest/globals';
import { usersPaths } from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, octets, type Answer } from '../test/test-client.js';

const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const FIRST = { 'if-none-match': '*' };

test('the first vault is stored once, the next by whoever saw the last', async () => {
  const client = await provider.client().signUp();
  expect(said(await client.users('GET', usersPaths.vault))).toEqual([404, { error: 'notFound' }]);
  const put = (body: string, headers: Record<string, string>) => client.users('PUT', usersPaths.vault, { body: octets(body), headers });
  const first = await put('one', FIRST);
  expect(first.status).toBe(204);
  expect(said(await put('another', FIRST))).toEqual([412, { error: 'preconditionFailed' }]);
  const version = first.headers['etag'] as string;
  const second = await put('two', { 'if-match': version });
  expect([second.status, second.headers['etag']]).toEqual([204, expect.not.stringMatching(version)]);
  expect(said(await put('three', { 'if-match': version }))).toEqual([412, { error: 'preconditionFailed' }]);
  const fetched = await client.users('GET', usersPaths.vault);
  expect([fetched.status, fetched.body.toString(), fetched.headers['etag'], fetched.headers['content-type']]).toEqual([200, 'two', second.headers['etag'], 'application/octet-stream']);
});

test('two devices that start at once end with one vault', async () => {
  const client = await provider.client().signUp();
  const answers = await Promise.all(['a', 'b', 'c'].map((body) => client.users('PUT', usersPaths.vault, { body: octets(body), headers: FIRST })));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 412, 412]);
});

test.each([
  ['without a condition', octets('x'), {}, 400, 'badRequest'],
  ['that is empty', new Uint8Array(0), FIRST, 400, 'badRequest'],
  ['over 64 KiB', new Uint8Array(64 * 1024 + 1), FIRST, 413, 'tooLarge'],
])('a vault %s is refused', async (_name, body, headers, status, error) => {
  const client = await provider.client().signUp();
  expect(said(await client.users('PUT', usersPaths.vault, { body, headers }))).toEqual([status, { error }]);
});

test('a vault may have 64 KiB', async () => {
  const client = await provider.client().signUp();
  expect((await client.users('PUT', usersPaths.vault, { body: new Uint8Array(64 * 1024), headers: FIRST })).status).toBe(204);
});
