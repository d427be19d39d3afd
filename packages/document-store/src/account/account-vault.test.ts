import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { decode } from 'cborg';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { Redacted, parseMailAddress } from '@paloma/shared-model';
import { AccountsClient } from '../provider/accounts-client.js';
import { MemoryProvider } from '../provider/memory-provider.js';
import { ProviderConnection } from '../provider/provider-connection.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { MemoryAccounts } from '../test/memory-accounts.js';
import { memoryServer, type MemoryServer } from '../test/memory-server.js';
import { WEAK_STRETCHING } from '../test/weak-stretching.js';
import { AccountVault } from './account-vault.js';

// Each stretching of a passphrase costs a fifth of a second of one core, here several times in a test.
jest.setTimeout(60_000);

const directory = temporaryDirectory();
const accounts = new MemoryAccounts(EXAMPLE_ACCOUNT_ID);
const credentials = { address: parseMailAddress('Ana@example.org'), passphrase: new Redacted('correct horse') };
let server: MemoryServer;
let connection: ProviderConnection;

beforeAll(async () => {
  server = await memoryServer(new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') }), accounts);
  connection = new ProviderConnection({ apiUrl: server.apiUrl });
});
beforeEach(() => void Object.assign(accounts, { record: null, vault: null, beforeVaultPut: null }));
afterAll(async () => {
  await connection.close();
  await server.close();
});

/** A device with a directory of its own. */
function device(name: string): AccountVault {
  return new AccountVault({ secretsPath: join(mkdtempSync(join(directory, `${name}-`)), 'secrets.json'), random: seededRandom(name) });
}

const keyOf = (outcome: { ok: boolean; account?: { keys: { localDatabaseKey(): Uint8Array } } }) => {
  expect(outcome.ok).toBe(true);
  return outcome.account!.keys.localDatabaseKey();
};

test('a second device needs only address and passphrase, and has the same keys under its own replica uid', async () => {
  const first = await device('first').signUp(connection, credentials);
  const second = await device('second').signIn(connection, credentials);
  expect(keyOf(second)).toEqual(keyOf(first));
  expect(second).toMatchObject({ account: { accountId: EXAMPLE_ACCOUNT_ID } });
  expect(first.ok && second.ok && first.account.replicaUid === second.account.replicaUid).toBe(false);
});

test('unlocking needs no network; a wrong passphrase and a device never signed in are values', async () => {
  const vault = device('unlock');
  expect(await vault.unlock(credentials.passphrase)).toEqual({ ok: false, refusal: 'noAccount' });
  const signedIn = await vault.signUp(connection, credentials);
  expect(keyOf(await vault.unlock(credentials.passphrase))).toEqual(keyOf(signedIn));
  expect(await vault.unlock(new Redacted('wrong'))).toEqual({ ok: false, refusal: 'wrongPassphrase' });
});

test('two devices that meet an account without a vault at once end with one vault', async () => {
  await new AccountsClient(connection).signUp(credentials);
  let waiting: (() => void) | null = null;
  accounts.beforeVaultPut = () => new Promise((resolve) => {
    if (!waiting) return void (waiting = resolve);
    waiting();
    resolve();
  });
  const [one, two] = await Promise.all([device('one').signIn(connection, credentials), device('two').signIn(connection, credentials)]);
  expect(keyOf(one)).toEqual(keyOf(two));
  expect(accounts.vault?.version).toBe(1);
});

test('refusals are values: taken address, wrong passphrase, unknown address', async () => {
  await device('a').signUp(connection, credentials);
  expect(await device('b').signUp(connection, credentials)).toEqual({ ok: false, refusal: 'addressTaken' });
  expect(await device('b').signIn(connection, { ...credentials, passphrase: new Redacted('wrong') })).toEqual({ ok: false, refusal: 'loginFailed' });
  expect(await device('b').signIn(connection, { ...credentials, address: parseMailAddress('eve@example.org') })).toEqual({ ok: false, refusal: 'loginFailed' });
});

test('neither the provider nor the secrets file holds passphrase or address; the file is its owner\'s alone', async () => {
  const secretsPath = join(directory, 'leak.json');
  await new AccountVault({ secretsPath, random: seededRandom('leak') }).signUp(connection, credentials);
  const kept = Buffer.concat([accounts.vault!.octets, Buffer.from(accounts.record!.registrationRecord), readFileSync(secretsPath)]).toString('latin1');
  expect(kept).not.toMatch(/correct horse|ana@/i);
  expect(statSync(secretsPath).mode & 0o777).toBe(0o600);
  writeFileSync(secretsPath, '{"v":1');
  await expect(new AccountVault({ secretsPath, random: seededRandom('leak') }).unlock(credentials.passphrase)).rejects.toMatchObject({ code: 'openFailed' });
});

test('what a guess costs is 64 MiB and three passes of Argon2id, against the file here and against the record of the provider', async () => {
  const [secretsPath, random] = [join(directory, 'cost.json'), seededRandom('cost')];
  await new AccountVault({ secretsPath, random }).signUp(connection, credentials);
  const { vault } = JSON.parse(readFileSync(secretsPath, 'utf8')) as { vault: string };
  const { wraps } = decode(Buffer.from(vault, 'base64url')) as { wraps: { kind: string; parameters?: unknown }[] };
  expect(wraps.filter(({ kind }) => kind === 'passphrase').map(({ parameters }) => parameters)).toEqual([{ memoryKib: 65_536, passes: 3, lanes: 1 }]);
  const guess = async (stretchingOfTests: typeof WEAK_STRETCHING): Promise<boolean> => (await new AccountVault({ secretsPath, random, stretchingOfTests }).signIn(connection, credentials)).ok;
  expect([await guess(WEAK_STRETCHING), await guess({ memoryKib: 65_536, passes: 3 })]).toEqual([false, true]);
});

test('a session can be checked and ended', async () => {
  const outcome = await device('session').signUp(connection, credentials);
  const client = new AccountsClient(connection.withSession(outcome.ok ? outcome.account.token : new Redacted('')));
  expect(await client.currentSession()).toMatchObject({ accountId: EXAMPLE_ACCOUNT_ID, addresses: ['ana@example.org'] });
  await client.logOut();
  expect(await client.currentSession()).toBeNull();
});
