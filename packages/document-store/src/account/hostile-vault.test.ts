// A provider that gives an old vault, or none: each is a typed finding, no device forgets a root, and what it does next begins with
// what it knows.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { Redacted, parseMailAddress } from '@paloma/shared-model';
import { MemoryProvider } from '../provider/memory-provider.js';
import { ProviderConnection } from '../provider/provider-connection.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { MemoryAccounts } from '../test/memory-accounts.js';
import { memoryServer, type MemoryServer } from '../test/memory-server.js';
import { WEAK_STRETCHING } from '../test/weak-stretching.js';
import { AccountVault, type SignedIn } from './account-vault.js';

const directory = temporaryDirectory();
const accounts = new MemoryAccounts(EXAMPLE_ACCOUNT_ID);
const address = parseMailAddress('ana@example.org');
const [OLD, NEW] = [new Redacted('correct horse'), new Redacted('battery staple')];
let server: MemoryServer;
let connection: ProviderConnection;
let laptop: Device;

interface Device {
  vault: AccountVault;
  account: SignedIn;
  passphrase: Redacted<string>;
}

beforeAll(async () => {
  server = await memoryServer(new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') }), accounts);
  connection = new ProviderConnection({ apiUrl: server.apiUrl });
});
beforeEach(async () => {
  Object.assign(accounts, { record: null, recoveryRecord: null, vault: null });
  const vault = newVault();
  const outcome = await vault.signUp(connection, { address, passphrase: OLD });
  if (!outcome.ok) throw new Error(outcome.refusal);
  laptop = { vault, account: outcome.account, passphrase: OLD };
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

function newVault(): AccountVault {
  const secretsPath = join(mkdtempSync(join(directory, 'device-')), 'secrets.json');
  return new AccountVault({ secretsPath, random: seededRandom(secretsPath), stretchingOfTests: WEAK_STRETCHING });
}

const session = () => connection.withSession(laptop.account.token);
const credentials = () => ({ address, passphrase: laptop.passphrase });
const refresh = () => laptop.vault.refresh(session(), laptop.account);
/** Of each epoch, what tells its root from others; null where there is none. */
const rootsOf = ({ keys }: Pick<SignedIn, 'keys'>): (string | null)[] => Array.from({ length: keys.currentEpoch }, (_, index) =>
  (keys.hasEpoch(index + 1) ? Buffer.from(keys.documentKey(index + 1, 'd' as never)).toString('hex') : null));

async function unlocked(): Promise<(string | null)[]> {
  const outcome = await laptop.vault.unlock(laptop.passphrase);
  if (!outcome.ok) throw new Error(outcome.refusal);
  return rootsOf(outcome.account);
}

/** What the device knows after a restart, after a sign-in, and after a restart again. */
async function afterRestarts(): Promise<(string | null)[][]> {
  const before = await unlocked();
  const signedIn = await laptop.vault.signIn(connection, credentials(), laptop.account.replicaUid);
  if (!signedIn.ok) throw new Error(signedIn.refusal);
  laptop.account = signedIn.account;
  return [before, rootsOf(signedIn.account), await unlocked()];
}

const rotate = async (): Promise<void> => void await laptop.vault.rotate(session(), laptop.account);

const changes: [name: string, change: () => Promise<void>, refusal: string][] = [
  ['a change of the passphrase', async () => {
    const outcome = await laptop.vault.changePassphrase(session(), credentials(), NEW, laptop.account);
    if (outcome.ok) Object.assign(laptop, { passphrase: NEW, account: { ...laptop.account, token: outcome.token } });
  }, 'vaultRolledBack'],
  ['a new recovery code', async () => void await laptop.vault.createRecoveryCode(session(), credentials(), laptop.account), 'vaultRolledBack'],
  ['a rotation', rotate, 'vaultRolledBack'],
  ['the retirement of an old root', async () => {
    await rotate();
    await laptop.vault.retireRootsBefore(session(), laptop.account, 2);
  }, 'vaultRolledBack'],
  ['locking out', async () => {
    const outcome = await laptop.vault.rotateLockingOut(session(), credentials(), laptop.account);
    if (outcome.ok) Object.assign(laptop, { account: outcome.account });
  }, 'vaultLocked'],
];

/** As the provider had it when this is called, put back when the function returned is called. */
function snapshot(): () => void {
  const { record, vault } = accounts;
  return () => void Object.assign(accounts, { record, vault: { octets: vault!.octets, version: accounts.vault!.version + 1 } });
}

test.each(changes)('the vault from before %s is not taken, and nothing is forgotten', async (_name, change, refusal) => {
  const before = accounts.vault!.octets;
  await change();
  const roots = await unlocked();
  accounts.vault = { octets: before, version: 99 };
  expect(await refresh()).toEqual({ ok: false, refusal });
  expect(await afterRestarts()).toEqual([roots, roots, roots]);
  expect(await refresh()).toEqual({ ok: false, refusal: 'vaultRolledBack' });
});

test('an old vault with the log-in that opens it makes no device forget what came later', async () => {
  const putBack = snapshot();
  await changes.at(-1)![1]();
  const roots = await unlocked();
  putBack();
  expect(await afterRestarts()).toEqual([roots, roots, roots]);
  expect([roots.length, await refresh()]).toEqual([2, { ok: false, refusal: 'vaultRolledBack' }]);
});

test('a vault of another past, as new as the one here, is not taken either', async () => {
  const putBack = snapshot();
  const phone = newVault();
  const second = await phone.signIn(connection, credentials());
  if (!second.ok) throw new Error(second.refusal);
  await rotate();
  const [roots, ours] = [await unlocked(), accounts.vault!];
  putBack();
  await phone.rotate(connection.withSession(second.account.token), second.account);
  expect(rootsOf(second.account)).not.toEqual(roots);
  expect(await refresh()).toEqual({ ok: false, refusal: 'vaultRolledBack' });
  expect(await afterRestarts()).toEqual([roots, roots, roots]);
  accounts.vault = ours;
  expect(await phone.refresh(connection.withSession(second.account.token), second.account)).toEqual({ ok: false, refusal: 'vaultRolledBack' });
});

test.each<[string, () => Promise<unknown>]>([
  ['a rotation', rotate],
  ['a change of the passphrase', async () => {
    const outcome = await laptop.vault.changePassphrase(session(), credentials(), NEW, laptop.account);
    laptop.passphrase = NEW;
    return outcome;
  }],
  ['a recovery code', () => laptop.vault.createRecoveryCode(session(), credentials(), laptop.account)],
  ['giving back after a restored backup', () => laptop.vault.giveBack(session(), laptop.account)],
])('%s on top of an old vault puts back what that lacks', async (_name, change) => {
  const putBack = snapshot();
  await rotate();
  const roots = await unlocked();
  putBack();
  await change();
  const fresh = await newVault().signIn(connection, credentials());
  if (!fresh.ok) throw new Error(fresh.refusal);
  expect([rootsOf(fresh.account).slice(0, 2), (await unlocked()).slice(0, 2)]).toEqual([roots, roots]);
});

test('a provider that says it has no vault gets the one here back, and never a new one', async () => {
  await rotate();
  const roots = await unlocked();
  accounts.vault = null;
  expect(await refresh()).toEqual({ ok: false, refusal: 'vaultLocked' });
  expect(await afterRestarts()).toEqual([roots, roots, roots]);
  expect(await refresh()).toEqual({ ok: true });
  const fresh = await newVault().signIn(connection, credentials());
  expect(fresh.ok && rootsOf(fresh.account)).toEqual(roots);
});

test('recovery by code on a device that knows of a later root than the old vault does gives that root too', async () => {
  const code = await laptop.vault.createRecoveryCode(session(), credentials(), laptop.account);
  if (!code.ok) throw new Error(code.refusal);
  const putBack = snapshot();
  await rotate();
  const roots = await unlocked();
  putBack();
  const recovered = await laptop.vault.recover(connection, address, code.code, NEW);
  if (!recovered.ok) throw new Error(recovered.refusal);
  expect(rootsOf(recovered.account)).toEqual(roots);
});

test('a device whose copy has another passphrase makes no new vault either', async () => {
  const phone = newVault();
  await phone.signIn(connection, credentials());
  await changes[0]![1]();
  accounts.vault = null;
  await expect(phone.signIn(connection, credentials())).rejects.toMatchObject({ code: 'openFailed' });
  expect(accounts.vault).toBeNull();
});
