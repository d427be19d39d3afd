import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { Redacted, parseMailAddress, parseReplicaUid } from '@paloma/shared-model';
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
const REPLICA = parseReplicaUid('R'.repeat(22));
/** As built: child processes are outside the transform of the test runner. */
const CHANGER = fileURLToPath(new URL('../../dist/test/passphrase-changer.js', import.meta.url));
let server: MemoryServer;
let connection: ProviderConnection;

beforeAll(async () => {
  server = await memoryServer(new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') }), accounts);
  connection = new ProviderConnection({ apiUrl: server.apiUrl });
});
beforeEach(() => void Object.assign(accounts, { record: null, recoveryRecord: null, vault: null, afterChange: null }));
afterAll(async () => {
  await connection.close();
  await server.close();
});

interface Device {
  vault: AccountVault;
  secretsPath: string;
  account: SignedIn;
}

function newVault(): { vault: AccountVault; secretsPath: string } {
  const secretsPath = join(mkdtempSync(join(directory, 'device-')), 'secrets.json');
  return { vault: new AccountVault({ secretsPath, random: seededRandom(secretsPath), stretchingOfTests: WEAK_STRETCHING }), secretsPath };
}

async function device(signIn: (vault: AccountVault) => ReturnType<AccountVault['signIn'] | AccountVault['signUp']>): Promise<Device> {
  const made = newVault();
  const outcome = await signIn(made.vault);
  if (!outcome.ok) throw new Error(outcome.refusal);
  return { ...made, account: outcome.account };
}

const firstDevice = (): Promise<Device> => device((vault) => vault.signUp(connection, { address, passphrase: OLD }));
const nextDevice = (passphrase = OLD): Promise<Device> => device((vault) => vault.signIn(connection, { address, passphrase }));
const sessionOf = ({ account }: Device): ProviderConnection => connection.withSession(account.token);
const rootIn = ({ keys }: { keys: SignedIn['keys'] }): string => Buffer.from(keys.localDatabaseKey()).toString('hex');
const opensOffline = async ({ vault }: Device, passphrase: Redacted<string>): Promise<boolean> => (await vault.unlock(passphrase)).ok;
const opensAtProvider = async (passphrase: Redacted<string>): Promise<boolean> => (await newVault().vault.signIn(connection, { address, passphrase })).ok;
const change = (changed: Device, from = OLD, to = NEW) => changed.vault.changePassphrase(sessionOf(changed), { address, passphrase: from }, to, changed.account);

describe('a change of the passphrase', () => {
  test('on a device that was signed in a moment ago makes the new one open everything, here and at the provider, and the old one nothing', async () => {
    const [laptop, phone] = [await firstDevice(), await nextDevice()];
    const outcome = await change(phone);
    expect(outcome.ok && accounts.tokens.has(outcome.token.reveal())).toBe(true);
    expect([accounts.tokens.size, accounts.tokens.has(laptop.account.token.reveal())]).toEqual([1, false]);
    expect([await opensOffline(phone, OLD), await opensOffline(phone, NEW), await opensAtProvider(OLD), await opensAtProvider(NEW)]).toEqual([false, true, false, true]);
    const afresh = await nextDevice(NEW);
    expect(rootIn(afresh.account)).toBe(rootIn(laptop.account));
  });

  test('with a wrong old passphrase changes nothing at all', async () => {
    const laptop = await firstDevice();
    expect(await change(laptop, new Redacted('wrong'))).toEqual({ ok: false, refusal: 'loginFailed' });
    expect([await opensOffline(laptop, OLD), await opensOffline(laptop, NEW), await opensAtProvider(OLD)]).toEqual([true, false, true]);
  });

  test('whose answer is lost is settled with the provider: then the new one is in force', async () => {
    const laptop = await firstDevice();
    accounts.afterChange = () => { throw new Error('the reply is lost'); };
    await expect(change(laptop)).rejects.toMatchObject({ name: 'StoreError' });
    accounts.afterChange = null;
    expect([await opensOffline(laptop, OLD), await opensOffline(laptop, NEW)]).toEqual([true, true]);
    expect(await laptop.vault.settle(connection, { address, passphrase: OLD }, REPLICA)).toEqual({ ok: false, refusal: 'loginFailed' });
    expect([await opensOffline(laptop, OLD), await opensOffline(laptop, NEW)]).toEqual([false, true]);
    expect(await laptop.vault.settle(connection, { address, passphrase: NEW }, REPLICA)).toMatchObject({ ok: true });
    expect(await laptop.vault.unlock(NEW)).toMatchObject({ ok: true, isUnsettled: false });
  });

  test('a passphrase is never forgotten where it is the only one, whatever a provider says', async () => {
    const laptop = await firstDevice();
    accounts.record = null;
    expect(await laptop.vault.settle(connection, { address, passphrase: OLD }, REPLICA)).toEqual({ ok: false, refusal: 'loginFailed' });
    expect(await opensOffline(laptop, OLD)).toBe(true);
  });

  test.each<[string, Redacted<string>]>([['prepared', OLD], ['changed', NEW], ['settled', NEW]])('killed when it is %s leaves one passphrase that works everywhere', async (step, inForce) => {
    const laptop = await firstDevice();
    const child = spawn(process.execPath, ['--conditions=paloma-device', CHANGER, server.apiUrl, laptop.secretsPath, laptop.account.token.reveal(), step], { stdio: 'inherit' });
    expect((await once(child, 'close'))[1]).toBe('SIGKILL');
    const other = inForce === OLD ? NEW : OLD;
    expect(await opensOffline(laptop, inForce)).toBe(true);
    expect([await opensAtProvider(inForce), await opensAtProvider(other)]).toEqual([true, false]);
    const unlocked = await laptop.vault.unlock(other);
    if (unlocked.ok) await laptop.vault.settle(connection, { address, passphrase: other }, REPLICA);
    expect([unlocked.ok, await opensOffline(laptop, other), await opensOffline(laptop, inForce)]).toEqual([step !== 'settled', false, true]);
  });
});

describe('a recovery code', () => {
  test('signs in a device that has nothing else, sets a passphrase, and ends every other session', async () => {
    const laptop = await firstDevice();
    const made = await laptop.vault.createRecoveryCode(sessionOf(laptop), { address, passphrase: OLD }, laptop.account);
    if (!made.ok) throw new Error(made.refusal);
    expect(await opensOffline(laptop, OLD)).toBe(true);
    const rescued = await device((vault) => vault.recover(connection, address, made.code, NEW));
    expect(rootIn(rescued.account)).toBe(rootIn(laptop.account));
    expect([[...accounts.tokens], await opensOffline(rescued, NEW), await opensAtProvider(OLD), await opensAtProvider(NEW)]).toEqual([[rescued.account.token.reveal()], true, false, true]);
  });

  test('ends when another one is made, and needs the passphrase to be made', async () => {
    const laptop = await firstDevice();
    const make = (passphrase: Redacted<string>) => laptop.vault.createRecoveryCode(sessionOf(laptop), { address, passphrase }, laptop.account);
    const [first, refused, second] = [await make(OLD), await make(NEW), await make(OLD)];
    expect(refused).toEqual({ ok: false, refusal: 'loginFailed' });
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(await newVault().vault.recover(connection, address, first.code, NEW)).toEqual({ ok: false, refusal: 'loginFailed' });
    expect(await newVault().vault.recover(connection, address, second.code, NEW)).toMatchObject({ ok: true });
  });
});

describe('rotation of the storage root', () => {
  test('reaches a device that is unlocked without the passphrase, and one that is locked at its next refresh', async () => {
    const [laptop, phone] = [await firstDevice(), await nextDevice()];
    expect(await laptop.vault.rotate(sessionOf(laptop), laptop.account)).toEqual({ ok: true, epoch: 2 });
    expect(phone.account.keys.currentEpoch).toBe(1);
    expect(await phone.vault.refresh(sessionOf(phone), phone.account)).toEqual({ ok: true });
    expect(phone.account.keys.currentEpoch).toBe(2);
    const unlocked = await phone.vault.unlock(OLD);
    expect(unlocked.ok && unlocked.account.keys.currentEpoch).toBe(2);
  });

  test('two devices that rotate at once end with one vault and both epochs', async () => {
    const [laptop, phone] = [await firstDevice(), await nextDevice()];
    const epochs = await Promise.all([laptop, phone].map((each) => each.vault.rotate(sessionOf(each), each.account)));
    expect(epochs.map((outcome) => outcome.ok && outcome.epoch).sort()).toEqual([2, 3]);
    for (const each of [laptop, phone]) await each.vault.refresh(sessionOf(each), each.account);
    expect([laptop.account.keys.currentEpoch, phone.account.keys.currentEpoch]).toEqual([3, 3]);
  });

  test('an older vault than was seen is not taken', async () => {
    const laptop = await firstDevice();
    const before = accounts.vault!;
    await laptop.vault.rotate(sessionOf(laptop), laptop.account);
    accounts.vault = before;
    expect(await laptop.vault.refresh(sessionOf(laptop), laptop.account)).toEqual({ ok: false, refusal: 'vaultRolledBack' });
  });

  test('that locks devices out leaves them what they had, and wants the passphrase again', async () => {
    const [laptop, phone] = [await firstDevice(), await nextDevice()];
    const outcome = await laptop.vault.rotateLockingOut(sessionOf(laptop), { address, passphrase: OLD }, laptop.account);
    if (!outcome.ok) throw new Error(outcome.refusal);
    expect([outcome.account.keys.currentEpoch, accounts.tokens.has(phone.account.token.reveal())]).toEqual([2, false]);
    accounts.tokens.add(phone.account.token.reveal());
    expect(await phone.vault.refresh(sessionOf(phone), phone.account)).toEqual({ ok: false, refusal: 'vaultLocked' });
    const again = await phone.vault.signIn(connection, { address, passphrase: OLD }, phone.account.replicaUid);
    expect(again.ok && again.account.keys.currentEpoch).toBe(2);
    expect(await opensOffline(phone, OLD)).toBe(true);
  });
});
