import { beforeAll, expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { generateSecretKey } from '@paloma/crypto/secret';
import { advancedUrl, directUrl, wkdDirectory, type Fetch } from './wkd-directory.js';

const address = parseMailAddress('Joe.Doe@example.org');
let certificate: Uint8Array;

beforeAll(async () => {
  ({ certificate } = await generateSecretKey({ address, name: 'Joe', nowMs: Date.UTC(2026, 0, 1) }));
});

type Reply = () => Response | Promise<Response>;
const key: Reply = () => new Response(new Uint8Array(certificate), { headers: { 'content-type': 'application/octet-stream' } });
const status = (code: number): Reply => () => new Response('', { status: code });
const page: Reply = () => new Response('<html>'.repeat(20_000), { headers: { 'content-type': 'text/html; charset=utf-8' } });
const junk: Reply = () => new Response('no certificate');
const flood: Reply = () => new Response(new Uint8Array(70_000).fill(0x99));
const failure = (code: string): Reply => () => Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));

function directoryOf(advanced: Reply, direct: Reply) {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    asked.push(url);
    return url === advancedUrl(address) ? advanced() : direct();
  };
  return { asked, directory: wkdDirectory(fetch) };
}

test('the places asked are those of the draft', () => {
  // draft-koch-openpgp-webkey-service §3.1
  expect(advancedUrl(address)).toBe('https://openpgpkey.example.org/.well-known/openpgpkey/example.org/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe');
  expect(directUrl(address)).toBe('https://example.org/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe');
});

test.each<[string, Reply, Reply, 'found' | 'noKey' | 'lookupFailed', number]>([
  ['the advanced method has it', key, status(404), 'found', 1],
  ['the direct method has it', status(404), key, 'found', 2],
  ['there is no host for the advanced method', failure('ENOTFOUND'), key, 'found', 2],
  ['both methods say no', status(404), status(404), 'noKey', 2],
  ['no host for the advanced method, the direct one says no', failure('ENOTFOUND'), status(404), 'noKey', 2],
  ['the site answers with a page of its own', failure('ENOTFOUND'), page, 'noKey', 2],
  ['what is there is no certificate', status(404), junk, 'noKey', 2],
  ['no host at all', failure('ENOTFOUND'), failure('ENOTFOUND'), 'lookupFailed', 2],
  ['the advanced method is out of order', status(503), key, 'lookupFailed', 1],
  ['the advanced method refuses connections', failure('ECONNREFUSED'), key, 'lookupFailed', 1],
  ['the name server is out of order', failure('EAI_AGAIN'), key, 'lookupFailed', 1],
  ['the direct method is out of order', status(404), status(500), 'lookupFailed', 2],
  ['the direct method forbids', status(404), status(403), 'lookupFailed', 2],
  ['the answer is too large', status(404), flood, 'lookupFailed', 2],
])('%s', async (_what, advanced, direct, expected, questions) => {
  const { asked, directory } = directoryOf(advanced, direct);
  const answer = await directory.lookUp(address);
  expect(answer).toEqual(expected === 'found' ? { found: [Buffer.from(certificate)], source: 'wkd' } : expected);
  expect(asked).toHaveLength(questions);
});

test('a server that never answers is an outage', async () => {
  const hanging: Fetch = (_url, { signal }) => new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  expect(await wkdDirectory(hanging, 1).lookUp(address)).toBe('lookupFailed');
});
