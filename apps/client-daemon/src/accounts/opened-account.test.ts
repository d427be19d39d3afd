// The parts of an open account, wired: here without a provider, which nothing of this needs.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Redacted, parseMailAddress, parseSubmissionId, type ReplicaUid } from '@paloma/shared-model';
import { StorageKeys, type VaultKey } from '@paloma/crypto/secret';
import { AccountVault, ProviderConnection, openDocumentStore, type SyncStatusSource } from '@paloma/document-store';
import { mailProjections } from '@paloma/mail-store';
import { manualClock, seededRandom, temporaryDirectory, type ManualClock } from '@paloma/test-kit';
import { ManualScheduler } from '../test/manual-scheduler.js';
import { MemoryCertificateDirectory } from '../test/memory-certificate-directory.js';
import { MemorySubmissionClient } from '../test/memory-submission-client.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { ALICE, TEST_ACCOUNT_ID, secretKeyOf, silentLog } from '../test/test-device.js';
import { OpenedAccount } from './opened-account.js';

const BOB = parseMailAddress('bob@example.net');
const HOUR_MS = 3_600_000;
/** Nothing listens there. */
const NO_PROVIDER = 'http://127.0.0.1:1';

const directory = temporaryDirectory();
let account: OpenedAccount;
let certificates: MemoryCertificateDirectory;
let clock: ManualClock;
let scheduler: ManualScheduler;
let renewed: ReplicaUid[];

beforeEach(() => {
  const path = mkdtempSync(join(directory, 'account-'));
  const keys = new StorageKeys(new Map([[1, seededRandom('roots').bytes(32)]]));
  const random = seededRandom(path);
  const store = openDocumentStore({ path: join(path, 'store.db'), databaseKey: keys.localDatabaseKey(), keys, accountId: TEST_ACCOUNT_ID, random, projections: mailProjections });
  [certificates, clock, scheduler, renewed] = [new MemoryCertificateDirectory(), manualClock(), new ManualScheduler(), []];
  account = new OpenedAccount({
    record: { accountId: TEST_ACCOUNT_ID, address: ALICE, providerUrl: NO_PROVIDER }, store, connection: new ProviderConnection({ apiUrl: NO_PROVIDER }), token: new Redacted('none'),
    vault: new AccountVault({ secretsPath: join(path, 'secrets.json'), random }), unlocked: { accountId: TEST_ACCOUNT_ID, keys, vaultKey: new Redacted(new Uint8Array(32)) as VaultKey }, deviceName: 'the laptop',
    directory: certificates, submissionClient: new MemorySubmissionClient(new SubmissionProvider()), clock, random, scheduler, log: silentLog,
    onReplicaRenewed: (replicaUid) => renewed.push(replicaUid),
  });
});
afterEach(() => account.close().catch(() => {}));

test('what the key directory says later reaches the keyring without anybody asking, until the account is closed', async () => {
  const { certificate } = await secretKeyOf(BOB);
  await account.keyring.accept(BOB, certificate, { source: 'autocrypt', level: 'weakChain' });
  account.start();
  certificates.publish(BOB, certificate);
  const learnt = new Promise((resolve) => account.access.store.subscribe((changes) => changes.some(({ type }) => type === 'trust') && resolve(null)));
  scheduler.pass(HOUR_MS);
  await learnt;
  expect([certificates.asked, account.keyring.trustIn(BOB)]).toEqual([[BOB], expect.objectContaining({ source: 'wkd' })]);
  await account.close();
  expect(scheduler.delaysMs.filter((delayMs) => delayMs >= HOUR_MS)).toEqual([]);
});

test('a store that goes on as another replica says so, and keeps the name of its device', () => {
  const former = account.access.replicaUid;
  const { store } = account.access;
  store.transact((transaction) => transaction.put('device', former, { replicaUid: former, name: 'what it was called long ago', createdAtMs: 0 }));
  account.startAfresh();
  const { replicaUid } = account.access;
  expect([renewed, replicaUid === former]).toEqual([[replicaUid], false]);
  expect(store.get('device', replicaUid)?.content.name).toBe('what it was called long ago');
});

test('what waits for its next attempt is due when a sync has reached the provider again', () => {
  const { records } = account.submissions;
  const submissionId = parseSubmissionId('waiting');
  const waiting = { forwardPath: BOB, state: 'waiting', protection: 'undecided', lastReply: '' } as const;
  records.add({
    submissionId, emailId: 'E1', identityId: 'primary', reversePath: ALICE, recipients: [waiting], transmissions: [], createdAtMs: 0, sendAtMs: 0, attempts: 3, nextAttemptAtMs: clock.nowMs() + HOUR_MS, undoStatus: 'pending',
  }, Buffer.from('octets'));
  // What the engine of this account says, without a provider that comes and goes.
  const status = account.sync as SyncStatusSource;
  status.update({ phase: 'offline' });
  status.update({ phase: 'idle' });
  expect(records.find(submissionId)?.nextAttemptAtMs).toBe(clock.nowMs());
});
