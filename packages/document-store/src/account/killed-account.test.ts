// A process that is killed at each step of what changes an account: what it leaves opens whole, goes on, and ends where it was
// going or where it began, never in between. A passphrase that works is there at every moment.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import type { Redacted } from '@paloma/shared-model';
import { formatRecoveryCode, sealedBlobEpoch } from '@paloma/crypto/secret';
import { MemoryProvider } from '../provider/memory-provider.js';
import { ProviderConnection } from '../provider/provider-connection.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { ADDRESS, NAMESPACE, NEW_PASSPHRASE, PASSPHRASE, interruptibleDevice, pathsIn } from '../test/interrupted-account.js';
import { MemoryAccounts } from '../test/memory-accounts.js';
import { memoryServer, type MemoryServer } from '../test/memory-server.js';
import { projectedNames } from '../test/name-projection.js';
import { WEAK_STRETCHING } from '../test/weak-stretching.js';
import { AccountVault, type SignedIn } from './account-vault.js';

// Each case starts a process.
jest.setTimeout(120_000);

/** As built: child processes are outside the transform of the test runner. */
const PROGRAM = fileURLToPath(new URL('../../dist/test/interrupted-account.js', import.meta.url));
const DOCUMENTS = 450;
const BLOBS = 5;
const parentDirectory = temporaryDirectory();
const accounts = new MemoryAccounts(EXAMPLE_ACCOUNT_ID);
let provider: MemoryProvider;
let server: MemoryServer;
let connection: ProviderConnection;
let directory: string;
let owner: SignedIn;

beforeEach(async () => {
  Object.assign(accounts, { record: null, recoveryRecord: null, vault: null });
  provider = new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
  server = await memoryServer(provider, accounts);
  connection = new ProviderConnection({ apiUrl: server.apiUrl });
  directory = newDirectory();
  owner = await filled();
});
afterEach(async () => {
  await connection.close();
  await server.close();
});

const newDirectory = (): string => mkdtempSync(join(parentDirectory, 'device-'));
const vaultIn = (where: string): AccountVault => new AccountVault({ secretsPath: pathsIn(where).secretsPath, random: seededRandom(where), stretchingOfTests: WEAK_STRETCHING });
const documentEpochs = (): number[] => [...new Set([...provider.documents.values()].map(({ epoch }) => epoch))];
const blobEpochs = (): (number | null)[] => [...new Set([...provider.blobs.values()].map(sealedBlobEpoch))];

/** A new account with one device, whose documents and blobs are not at the provider yet. */
async function filled(): Promise<SignedIn> {
  const outcome = await vaultIn(directory).signUp(connection, { address: ADDRESS, passphrase: PASSPHRASE });
  if (!outcome.ok) throw new Error(outcome.refusal);
  const { store } = interruptibleDevice(directory, outcome.account, connection);
  store.transact((transaction) => {
    for (let n = 0; n < DOCUMENTS; n++) transaction.put('identity', `i${n}`, { identityId: `i${n}`, address: ADDRESS, name: `name ${n}`, textSignature: '' });
    for (let n = 0; n < BLOBS; n++) store.putBlob(NAMESPACE, new Uint8Array(1000).fill(n));
  });
  store.close();
  return outcome.account;
}

/** Everything that was written is at the provider. */
async function synced(): Promise<void> {
  const { store, engine } = interruptibleDevice(directory, owner, connection.withSession(owner.token));
  expect((await engine.sync()).failure).toBeNull();
  store.close();
}

async function kill(work: string, step: string, code = ''): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=paloma-device', PROGRAM, work, step, server.apiUrl, directory, owner.token.reveal(), code], { stdio: 'inherit' });
  expect((await once(child, 'close'))[1]).toBe('SIGKILL');
}

/** The device after its crash: unlocked with what it has, then signed in. */
async function revived(passphrase: Redacted<string>, where = directory) {
  const vault = vaultIn(where);
  const outcome = await vault.signIn(connection, { address: ADDRESS, passphrase });
  if (!outcome.ok) throw new Error(outcome.refusal);
  const session = connection.withSession(outcome.account.token);
  const device = interruptibleDevice(where, outcome.account, session);
  expect(device.store.sql.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  return { ...device, vault, session, account: outcome.account };
}

/** Another device, with nothing but the passphrase, reads everything there is. */
async function expectWholeAccount(passphrase = PASSPHRASE): Promise<void> {
  const { store, engine } = await revived(passphrase, newDirectory());
  expect(await engine.sync()).toMatchObject({ failure: null, setAside: 0 });
  expect(new Set(projectedNames(store.sql))).toEqual(new Set(Array.from({ length: DOCUMENTS }, (_, n) => `name ${n}`)));
  const { blobs } = await provider.listBlobs(NAMESPACE, {});
  expect(blobs).toHaveLength(BLOBS);
  for (const { blobId } of blobs) expect(await store.getBlob(NAMESPACE, blobId)).toHaveLength(1000);
  store.close();
}

const opensOffline = async (passphrase: Redacted<string>): Promise<boolean> => (await vaultIn(directory).unlock(passphrase)).ok;
const opensAtProvider = async (passphrase: Redacted<string>): Promise<boolean> =>
  (await vaultIn(newDirectory()).signIn(connection, { address: ADDRESS, passphrase })).ok;

describe('a rotation', () => {
  test.each<[work: string, step: string, epoch: number]>([
    ['rotate', 'announced', 1],
    ['rotate', 'vaultChanged', 2],
    ['rotate', 'rotated', 2],
    ['rotate', 'pushed', 2],
    ['rotate', 'groupResealed*2', 2],
    ['rotate', 'blobResealed*3', 2],
    ['lockOut', 'announced', 1],
    ['lockOut', 'changed', 2],
    ['lockOut', 'rotated', 2],
  ])('(%s) that is killed when it is %s ends under epoch %i alone', async (work, step, epoch) => {
    await synced();
    await kill(work, step);
    expect(await opensOffline(PASSPHRASE)).toBe(true);
    const { store, engine, resealing, vault, session, account } = await revived(PASSPHRASE);
    expect(await vault.refresh(session, account)).toEqual({ ok: true });
    expect([await resealing.resume(), resealing.progress()]).toEqual(['done', null]);
    expect(await engine.sync()).toMatchObject({ failure: null, setAside: 0, pulled: 0 });
    expect([documentEpochs(), blobEpochs(), store.documents.countDirty()]).toEqual([[epoch], [epoch], 0]);
    store.close();
    await expectWholeAccount();
  });
});

test('a root that was retired at the provider and not here is gone here too once the device has looked', async () => {
  await synced();
  await kill('rotate', 'rotated');
  const { store, resealing, vault, session, account } = await revived(PASSPHRASE);
  await resealing.resume();
  store.close();
  owner = account;
  await kill('retire', 'vaultChanged');
  const epochsHere = async () => {
    const unlocked = await vault.unlock(PASSPHRASE);
    return unlocked.ok && [1, 2].filter((epoch) => unlocked.account.keys.hasEpoch(epoch));
  };
  expect(await epochsHere()).toEqual([1, 2]);
  expect(await vault.refresh(session, account)).toEqual({ ok: true });
  expect(await epochsHere()).toEqual([2]);
  await expectWholeAccount();
});

test.each(['blobsUploaded', 'pushed'])('a sync that is killed when its first %s is at the provider, and it does not know, goes on', async (step) => {
  await kill('sync', step);
  const { store, engine } = await revived(PASSPHRASE);
  expect([store.documents.countDirty() > 0, provider.blobs.size]).toEqual([true, BLOBS]);
  expect((await engine.sync()).failure).toBeNull();
  expect([store.documents.countDirty(), store.blobs.countPending()]).toEqual([0, 0]);
  store.close();
  await expectWholeAccount();
});

test('a rebuild of projections that is killed leaves the ones before it, and is done at the next start', async () => {
  await kill('rebuild', 'projecting*250');
  const { store, account, session } = await revived(PASSPHRASE);
  expect([projectedNames(store.sql).length, store.sql.get(`SELECT version FROM projections WHERE name = 'names'`)]).toEqual([DOCUMENTS, { version: 1 }]);
  store.close();
  const rebuilt = interruptibleDevice(directory, account, session, () => {}, 2).store;
  expect([projectedNames(rebuilt.sql).length, rebuilt.sql.get(`SELECT version FROM projections WHERE name = 'names'`)]).toEqual([DOCUMENTS, { version: 2 }]);
  rebuilt.close();
});

describe('recovery by code', () => {
  test.each<[step: string, isHere: boolean]>([['changed', false], ['settled', true]])('that is killed when it is %s leaves one passphrase that works, and the code', async (step, isHere) => {
    await synced();
    const { vault, session, account, store } = await revived(PASSPHRASE);
    const made = await vault.createRecoveryCode(session, { address: ADDRESS, passphrase: PASSPHRASE }, { ...account, replicaUid: store.replicaUid });
    store.close();
    if (!made.ok) throw new Error(made.refusal);
    directory = newDirectory();
    await kill('recover', step, formatRecoveryCode(made.code));
    expect([await opensAtProvider(PASSPHRASE), await opensAtProvider(NEW_PASSPHRASE), await opensOffline(NEW_PASSPHRASE)]).toEqual([false, true, isHere]);
    await expectWholeAccount(NEW_PASSPHRASE);
    expect(await vaultIn(newDirectory()).recover(connection, ADDRESS, made.code, PASSPHRASE)).toMatchObject({ ok: true });
  });
});
