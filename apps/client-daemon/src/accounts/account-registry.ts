// The accounts of this device: which there are, which are open, and how they get from one to the other.

import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalAddress, type AccountId, type MailAddress, type RandomSource, type Redacted } from '@paloma/shared-model';
import type { StorageKeys } from '@paloma/crypto/secret';
import { AccountVault, type SignedIn, type SyncStatus } from '@paloma/document-store';
import { DaemonError } from '../daemon-error.js';
import type { AccountOpener } from './account-opener.js';
import { loadAccountRecords, saveAccountRecord, type AccountRecord } from './account-record.js';
import type { OpenedAccount } from './opened-account.js';
import { ensureSession } from './provider-session.js';
import { needingProvider, refusalError } from './refusal-sentences.js';

export interface NewAccount {
  mode: 'signUp' | 'signIn';
  providerUrl: string;
  address: MailAddress;
  passphrase: Redacted<string>;
  /** Display name for the From address. */
  name: string;
  inviteCode?: string | undefined;
}

export interface AccountSummary {
  accountId: AccountId;
  address: MailAddress;
  state: 'locked' | 'opening' | 'open';
  sync: SyncStatus | null;
}

export class AccountRegistry {
  readonly #directory: string;
  readonly #opener: AccountOpener;
  readonly #random: RandomSource;
  readonly #records = new Map<AccountId, AccountRecord>();
  readonly #opened = new Map<AccountId, OpenedAccount>();
  readonly #opening = new Map<AccountId, Promise<void>>();

  /** `directory` holds one directory for each account. */
  constructor(directory: string, opener: AccountOpener, random: RandomSource) {
    this.#directory = directory;
    this.#opener = opener;
    this.#random = random;
    for (const record of loadAccountRecords(directory)) this.#records.set(record.accountId, record);
  }

  list(): AccountSummary[] {
    return [...this.#records.values()].map(({ accountId, address }) => ({
      accountId, address, state: this.#stateOf(accountId), sync: this.#opened.get(accountId)?.sync.current() ?? null,
    }));
  }

  find(address: MailAddress): AccountId | null {
    const wanted = canonicalAddress(address);
    return [...this.#records.values()].find((record) => canonicalAddress(record.address) === wanted)?.accountId ?? null;
  }

  isOpen(accountId: AccountId): boolean {
    return this.#opened.has(accountId);
  }

  /** @throws {DaemonError} "unknownAccount" | "notOpen" */
  opened(accountId: AccountId): OpenedAccount {
    const account = this.#opened.get(accountId);
    if (account) return account;
    throw this.#records.has(accountId) ? new DaemonError('notOpen', 'This account is locked: unlock it first.') : unknownAccount();
  }

  /** Signs up or in, and opens the account. @throws {DaemonError} with a sentence for the user */
  async add(input: NewAccount): Promise<AccountId> {
    if (this.find(input.address)) throw new DaemonError('accountExists', 'This account is on this device already: unlock it instead.');
    const draft = join(this.#directory, `new-${Buffer.from(this.#random.bytes(9)).toString('base64url')}`);
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    try {
      const signedIn = await this.#signIn(input, join(draft, 'secrets.json'));
      return await this.#addSignedIn(input, signedIn, draft);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }

  /** Opens an account; of one that is open only the passphrase is checked. @throws {DaemonError} "wrongPassphrase" | "unknownAccount" */
  async unlock(accountId: AccountId, passphrase: Redacted<string>): Promise<void> {
    const record = this.#records.get(accountId);
    if (!record) throw unknownAccount();
    const unlocked = await this.#vault(join(this.#pathOf(accountId), 'secrets.json')).unlock(passphrase);
    if (!unlocked.ok) throw new DaemonError('wrongPassphrase', 'Address or passphrase is wrong.');
    if (this.#opened.has(accountId)) return;
    const opening = this.#opening.get(accountId) ?? this.#openUnlocked(record, unlocked.account.keys, passphrase);
    this.#opening.set(accountId, opening);
    await opening.finally(() => this.#opening.delete(accountId));
  }

  async lock(accountId: AccountId): Promise<void> {
    const account = this.#opened.get(accountId);
    this.#opened.delete(accountId);
    await account?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((accountId) => this.lock(accountId)));
  }

  async #signIn({ mode, providerUrl, address, passphrase, inviteCode }: NewAccount, secretsPath: string): Promise<SignedIn> {
    const connection = this.#opener.connect(providerUrl);
    try {
      const vault = this.#vault(secretsPath);
      const outcome = await needingProvider(() => (mode === 'signUp'
        ? vault.signUp(connection, { address, passphrase }, inviteCode)
        : vault.signIn(connection, { address, passphrase })));
      if (!outcome.ok) throw refusalError(outcome.refusal);
      return outcome.account;
    } finally {
      await connection.close();
    }
  }

  async #addSignedIn({ address, providerUrl, name }: NewAccount, { accountId, keys, replicaUid, token }: SignedIn, draft: string): Promise<AccountId> {
    const record: AccountRecord = { accountId, address, providerUrl };
    const path = this.#adopt(draft, accountId);
    const store = this.#opener.openStore(path, record, keys, replicaUid);
    store.saveSession(token);
    const account = this.#opener.open(record, store, this.#opener.connect(providerUrl), token);
    try {
      await needingProvider(() => account.prepare(name));
    } catch (error) {
      await account.close();
      throw error;
    }
    saveAccountRecord(path, record);
    this.#records.set(accountId, record);
    this.#opened.set(accountId, account);
    account.start();
    return accountId;
  }

  async #openUnlocked(record: AccountRecord, keys: StorageKeys, passphrase: Redacted<string>): Promise<void> {
    const connection = this.#opener.connect(record.providerUrl);
    const store = this.#opener.openStore(this.#pathOf(record.accountId), record, keys);
    try {
      const token = await ensureSession(store, connection, { address: record.address, passphrase });
      const account = this.#opener.open(record, store, connection, token);
      this.#opened.set(record.accountId, account);
      account.start();
    } catch (error) {
      store.close();
      await connection.close();
      throw error;
    }
  }

  /** The directory of a finished sign-in; what an earlier one left that broke off is replaced. */
  #adopt(draft: string, accountId: AccountId): string {
    const path = this.#pathOf(accountId);
    rmSync(path, { recursive: true, force: true });
    renameSync(draft, path);
    return path;
  }

  #vault(secretsPath: string): AccountVault {
    return new AccountVault({ secretsPath, random: this.#random });
  }

  #pathOf(accountId: AccountId): string {
    return join(this.#directory, accountId);
  }

  #stateOf(accountId: AccountId): AccountSummary['state'] {
    if (this.#opened.has(accountId)) return 'open';
    return this.#opening.has(accountId) ? 'opening' : 'locked';
  }
}

function unknownAccount(): DaemonError {
  return new DaemonError('unknownAccount', 'There is no such account on this device.');
}
