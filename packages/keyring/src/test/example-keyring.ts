// A keyring over a real store, with a directory that answers as the test says. Stores are closed after each test.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { canonicalAddress, parseAccountId, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import { generateSecretKey, StorageKeys, type GeneratedSecretKey } from '@paloma/crypto/secret';
import { openDocumentStore, type LocalDocumentStore } from '@paloma/document-store';
import { manualClock, seededRandom, temporaryDirectory, type ManualClock } from '@paloma/test-kit';
import { formatAutocryptHeader } from '../autocrypt.js';
import type { DirectoryAnswer } from '../certificate-directory.js';
import { Keyring } from '../keyring.js';

export const DAY_MS = 24 * 60 * 60_000;
export const START_MS = Date.UTC(2026, 0, 1);
export const bob = parseMailAddress('Bob@example.net');
/** What a mail earns the certificate in its header, and what a directory earns it. */
export const weak = { source: 'autocrypt', level: 'weakChain' } as const;
export const vouched = { source: 'wkd', level: 'providerTrust' } as const;

const directory = temporaryDirectory();
const stores: LocalDocumentStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

export interface ExampleKeyring {
  keyring: Keyring;
  clock: ManualClock;
  store: LocalDocumentStore;
  /** The questions that the directory got. */
  asked: MailAddress[];
  /** What the directory says from now on; `noKey` until then. */
  answer(address: MailAddress, answer: DirectoryAnswer): void;
}

export function openKeyring(): ExampleKeyring {
  const [clock, store] = [manualClock(START_MS), openStore()];
  const answers = new Map<MailAddress, DirectoryAnswer>();
  const asked: MailAddress[] = [];
  const lookUp = async (address: MailAddress): Promise<DirectoryAnswer> => {
    asked.push(address);
    return answers.get(address) ?? 'noKey';
  };
  const keyring = new Keyring({ store, clock, directory: { lookUp } });
  return { clock, store, asked, keyring, answer: (address, answer) => void answers.set(canonicalAddress(address), answer) };
}

export function keyFor(address: MailAddress, nowMs = START_MS): Promise<GeneratedSecretKey> {
  return generateSecretKey({ address, name: '', nowMs });
}

export function found(...keys: GeneratedSecretKey[]): DirectoryAnswer {
  return { found: keys.map(({ certificate }) => certificate), source: 'wkd' };
}

/** The value of an Autocrypt field. */
export function autocryptOf(address: MailAddress, { certificate }: GeneratedSecretKey): string {
  return formatAutocryptHeader(address, certificate).slice('Autocrypt:'.length);
}

function openStore(): LocalDocumentStore {
  const keys = new StorageKeys(new Map([[1, seededRandom('keyring').bytes(32)]]));
  const path = join(mkdtempSync(join(directory, 'store-')), 'store.db');
  const store = openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: parseAccountId('A'.repeat(22)), random: seededRandom('replica') });
  stores.push(store);
  return store;
}
