import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { generateSecretKey } from '@paloma/crypto/secret';
import type { HostResolver } from './host-resolver.js';
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
  expect(await wkdDirectory(hanging, { timeoutMs: 1 }).lookUp(address)).toBe('lookupFailed');
});

describe('a domain for which no web host was found', () => {
  /** What the name server gives for A and AAAA of openpgpkey.example.org, then of example.org: an error code or an address. */
  type Records = readonly [string, string, string, string];
  const resolverOf = ([advanced4, advanced6, direct4, direct6]: Records): HostResolver => {
    const look = (ofAdvanced: string, ofDirect: string) => async (host: string) => {
      const record = host === 'openpgpkey.example.org' ? ofAdvanced : host === 'example.org' ? ofDirect : 'EBADNAME';
      if (record.startsWith('E')) throw Object.assign(new Error(record), { code: record });
      return [record];
    };
    return { resolve4: look(advanced4, direct4), resolve6: look(advanced6, direct6) };
  };
  const offline: Fetch = async () => failure('ENOTFOUND')();
  const answerWith = (records: Records) => wkdDirectory(offline, { hostResolver: resolverOf(records) }).lookUp(address);

  test.each<[string, Records, 'noKey' | 'lookupFailed']>([
    ['neither host exists', ['ENOTFOUND', 'ENOTFOUND', 'ENOTFOUND', 'ENOTFOUND'], 'noKey'],
    ['the domain has mail alone', ['ENOTFOUND', 'ENOTFOUND', 'ENODATA', 'ENODATA'], 'noKey'],
    ['the domain has an address', ['ENOTFOUND', 'ENOTFOUND', '192.0.2.1', 'ENODATA'], 'lookupFailed'],
    ['the domain has an IPv6 address alone', ['ENOTFOUND', 'ENOTFOUND', 'ENODATA', '2001:db8::1'], 'lookupFailed'],
    ['the advanced host has an address', ['192.0.2.1', 'ENODATA', 'ENODATA', 'ENODATA'], 'lookupFailed'],
    ['the name server times out', ['ENOTFOUND', 'ETIMEOUT', 'ENODATA', 'ENODATA'], 'lookupFailed'],
    ['the name server fails', ['ENOTFOUND', 'ENOTFOUND', 'ESERVFAIL', 'ENODATA'], 'lookupFailed'],
    ['there is no name server', ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'], 'lookupFailed'],
    ['the system says to try again', ['EAI_AGAIN', 'ENOTFOUND', 'ENOTFOUND', 'ENOTFOUND'], 'lookupFailed'],
    ['the name server refuses', ['ENOTFOUND', 'ENOTFOUND', 'ENOTFOUND', 'EREFUSED'], 'lookupFailed'],
  ])('%s', async (_what, records, expected) => {
    expect(await answerWith(records)).toBe(expected);
  });

  const outcome = fc.constantFrom('ENOTFOUND', 'ENODATA', 'ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED', 'ECANCELLED', '192.0.2.1');
  property('has no directory only if every look-up was answered with absence', fc.tuple(outcome, outcome, outcome, outcome), async (records) => {
    const isAbsent = records.every((record) => record === 'ENOTFOUND' || record === 'ENODATA');
    expect(await answerWith(records)).toBe(isAbsent ? 'noKey' : 'lookupFailed');
  });

  test('is asked for by the name that is in the name system', async () => {
    const asked: string[] = [];
    const resolve = async (host: string) => { asked.push(host); return []; };
    const hostResolver: HostResolver = { resolve4: resolve, resolve6: resolve };
    await wkdDirectory(offline, { hostResolver }).lookUp(parseMailAddress('joe@b\u00fccher.example'));
    expect(new Set(asked)).toEqual(new Set(['openpgpkey.xn--bcher-kva.example', 'xn--bcher-kva.example']));
  });

  test('is not looked for in the name system while a method failed otherwise', async () => {
    const none: Records = ['ENOTFOUND', 'ENOTFOUND', 'ENOTFOUND', 'ENOTFOUND'];
    const fetch: Fetch = async (url) => failure(url === advancedUrl(address) ? 'ENOTFOUND' : 'ECONNREFUSED')();
    expect(await wkdDirectory(fetch, { hostResolver: resolverOf(none) }).lookUp(address)).toBe('lookupFailed');
  });
});
