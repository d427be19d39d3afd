import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { parseIncomingItemId, parseMailAddress, Redacted, type IncomingItemId } from '@paloma/shared-model';
import { MAX_DELIVERY_ITEM_BYTES } from '@paloma/sync-protocol';
import { manualClock, temporaryDirectory } from '@paloma/test-kit';
import { Log } from '../logging/log.js';
import { ServicesTwin } from '../test/services-twin.js';
import { testConfiguration } from '../test/test-provider.js';
import { HttpServicesApi } from './http-services-api.js';

const ALICE = parseMailAddress('alice@example.org');
const CERTIFICATE = new Uint8Array([1, 2, 3]);
const clock = manualClock();
const asked: string[] = [];
const directory = temporaryDirectory();
let twin: ServicesTwin;
let services: HttpServicesApi;

beforeAll(async () => {
  twin = await ServicesTwin.start();
  twin.addAccount(ALICE, CERTIFICATE);
  services = new HttpServicesApi(testConfiguration(directory, '', twin, 1), new Redacted(twin.token), clock, new Log({ write: () => undefined }));
});
afterEach(() => {
  twin.forget();
  asked.length = 0;
  clock.advance(60_000);
});
afterAll(async () => {
  await services.onApplicationShutdown();
  await twin.stop();
});

function noteRequests(): void {
  twin.sabotage = (method, path) => {
    asked.push(`${method} ${path}`);
    return null;
  };
}
const itemId = (number: number): IncomingItemId => parseIncomingItemId(String(number).padStart(43, '0'));
const find = async (address: string) => services.findRecipient(parseMailAddress(address));

test('a recipient who can take mail is asked for once in five seconds, however the address is written', async () => {
  noteRequests();
  const found = await find(ALICE);
  clock.advance(4_999);
  expect(await find('Alice@example.org')).toEqual(found);
  expect(asked).toHaveLength(1);
  clock.advance(1);
  await find(ALICE);
  expect(asked).toHaveLength(2);
});

test('a clock that is set back makes nothing last longer', async () => {
  noteRequests();
  await find(ALICE);
  clock.advance(-1);
  await find(ALICE);
  expect(asked).toHaveLength(2);
});

test('who cannot take mail is asked for each time', async () => {
  twin.addAccount('full@example.org', CERTIFICATE);
  twin.accounts.get('full@example.org')!.isOverQuota = true;
  twin.addAccount('keyless@example.org', null);
  twin.addAccount('disabled@example.org', CERTIFICATE);
  twin.accounts.get('disabled@example.org')!.isDisabled = true;
  noteRequests();
  for (const address of ['full@example.org', 'keyless@example.org', 'disabled@example.org', 'nobody@example.org']) await Promise.all([find(address), find(address)]);
  expect(asked).toHaveLength(8);
});

test.each([
  ['quotaExceeded', 'quotaExceeded'], ['tooLarge', 'tooLarge'], ['notFound', 'notFound'], ['foreign404', 'outage'], ['unavailable', 'outage'], [null, 'stored'],
] as const)('a large item goes by itself; the answer %s is %s', async (code, result) => {
  twin.sabotage = (method) => (method === 'PUT' ? code : null);
  expect(await services.putIncoming(twin.accounts.get(ALICE)!.accountId, itemId(1), new Uint8Array(MAX_DELIVERY_ITEM_BYTES + 1))).toBe(result);
});

test.each(['unavailable', 'unauthorized', 'notFound', 'foreign404'] as const)('a batch that is answered "%s" is an outage for each of its items', async (code) => {
  twin.sabotage = (method) => (method === 'POST' ? code : null);
  const { accountId } = twin.accounts.get(ALICE)!;
  expect(await Promise.all([1, 2, 3].map((number) => services.putIncoming(accountId, itemId(number), new Uint8Array(10))))).toEqual(['outage', 'outage', 'outage']);
});

test('what becomes of one small item is not what becomes of another', async () => {
  const { accountId } = twin.accounts.get(ALICE)!;
  twin.sabotage = (method, path) => (method === 'POST' ? null : path.endsWith('2') ? 'quotaExceeded' : path.endsWith('3') ? 'internal' : null);
  const put = (number: number) => services.putIncoming(accountId, itemId(number), new Uint8Array(10));
  expect(await Promise.all([1, 2, 3, 4, 5].map(put))).toEqual(['stored', 'quotaExceeded', 'outage', 'stored', 'stored']);
  expect(await put(1)).toBe('stored');
});
