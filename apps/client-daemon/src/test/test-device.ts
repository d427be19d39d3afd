// One device of one account for tests, of real parts: encrypted store in a temporary directory, mail store, keyring with an own
// key. Only the world outside is played: clock, randomness and the key directory.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { parseAccountId, parseIdentityId, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import { StorageKeys, generateSecretKey, type GeneratedSecretKey } from '@paloma/crypto/secret';
import { openDocumentStore, type LocalDocumentStore } from '@paloma/document-store';
import { Keyring } from '@paloma/keyring';
import { createDocumentMailStore, mailProjections, type DocumentMailStore } from '@paloma/mail-store';
import { manualClock, seededRandom, type ManualClock } from '@paloma/test-kit';
import { pino } from 'pino';
import { mailAppPasswordUse } from '../accounts/mail-app-password-use.js';
import { MemoryCertificateDirectory } from './memory-certificate-directory.js';

export const ALICE = parseMailAddress('alice@example.org');
export const TEST_ACCOUNT_ID = parseAccountId('TestAccount00000000000');
export const silentLog = pino({ level: 'silent' });

export interface TestDevice {
  store: LocalDocumentStore;
  mailStore: DocumentMailStore;
  keyring: Keyring;
  directory: MemoryCertificateDirectory;
  clock: ManualClock;
  random: ReturnType<typeof seededRandom>;
  /** The same device after its process died. The object it is called on is of no use any more. */
  reopen(): TestDevice;
  close(): void;
}

const secretKeys = new Map<string, Promise<GeneratedSecretKey>>();

/** A key of this address; the same one throughout a test file. */
export function secretKeyOf(address: MailAddress): Promise<GeneratedSecretKey> {
  const key = secretKeys.get(address) ?? generateSecretKey({ address, name: '', nowMs: manualClock().nowMs() });
  secretKeys.set(address, key);
  return key;
}

/** A device of Alice's whose own key and identity are there. */
export async function openTestDevice(parentDirectory: string): Promise<TestDevice> {
  const device = openAt(join(mkdtempSync(join(parentDirectory, 'device-')), 'store.db'), manualClock(), new MemoryCertificateDirectory());
  await device.keyring.ensureOwnKey({ address: ALICE, name: 'Alice' });
  const identityId = parseIdentityId('primary');
  device.store.transact((transaction) => transaction.put('identity', identityId, { identityId, address: ALICE, name: 'Alice', textSignature: '' }));
  return device;
}

function openAt(path: string, clock: ManualClock, directory: MemoryCertificateDirectory): TestDevice {
  const keys = new StorageKeys(new Map([[1, seededRandom('roots').bytes(32)]]));
  const random = seededRandom(path);
  const store = openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: TEST_ACCOUNT_ID, random, projections: [...mailProjections, mailAppPasswordUse] });
  const mailStore = createDocumentMailStore({ store, accountId: TEST_ACCOUNT_ID, address: ALICE, clock });
  const keyring = new Keyring({ store, directory, clock });
  const close = (): void => {
    mailStore.close();
    store.close();
  };
  const reopen = (): TestDevice => {
    close();
    return openAt(path, clock, directory);
  };
  return { store, mailStore, keyring, directory, clock, random, reopen, close };
}

/** Octets of the messages in a mailbox, oldest first. */
export async function messagesIn({ mailStore }: TestDevice, role: string): Promise<string[]> {
  const mailbox = (await mailStore.listMailboxes()).find((candidate) => candidate.role === role)!;
  const { entries } = (await mailStore.openView(mailbox.mailboxId))!;
  return Promise.all(entries.map(async ({ emailId }) => Buffer.from((await mailStore.loadMessageBytes(emailId))!).toString('latin1')));
}
