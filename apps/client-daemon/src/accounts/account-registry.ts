// The accounts of this device: which there are, which are open, and how they get from one to the other.

import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redacted, canonicalAddress, type AccountId, type MailAddress, type RandomSource, type ReplicaUid, type SyncStatus } from '@paloma/shared-model';
import { parseRecoveryCode } from '@paloma/crypto/secret';
import { AccountVault, type ResealingProgress, type SignedIn, type SignInOutcome, type SignUpAccountOutcome, type UnlockedAccount, type ProviderConnection } from '@paloma/document-store';
import { DaemonError } from '../daemon-error.js';
import type { AccountOpener } from './account-opener.js';
import { loadAccountRecords, saveAccountRecord, type AccountRecord } from './account-record.js';
import type { OpenedAccount } from './opened-account.js';
import { unlockByPassword, vaultForPassword } from './mail-app-unlocking.js';
import type { NewMailAppPassword } from './mail-app-passwords.js';
import { MailAppVerifiers } from './mail-app-verifiers.js';
import { enterAccount, type EnteredAccount } from './enter-account.js';
import { needingProvider, refusalError } from './refusal-sentences.js';

export interface NewAccount {
  /** recover: `passphrase` is the new one. */
  mode: 'signUp' | 'signIn' | 'recover';
  providerUrl: string;
  address: MailAddress;
  passphrase: Redacted<string>;
  /** Display name for the From address. */
  name: string;
  /** What this device is called among the others. */
  deviceName: string;
  /** As it was typed. */
  recoveryCode?: string | undefined;
  inviteCode?: string | undefined;
}

export interface AccountSummary {
  accountId: AccountId;
  address: MailAddress;
  /** signInNeeded: open, and the provider wants the passphrase again. */
  state: 'locked' | 'opening' | 'open' | 'signInNeeded';
  sync: SyncStatus | null;
  /** What is left of sealing everything anew after a rotation. */
  resealing: ResealingProgress | null;
  /** The provider gave an older vault than this device has seen. */
  vaultRolledBack: boolean;
}

export class AccountRegistry {
  readonly #directory: string;
  readonly #opener: AccountOpener;
  readonly #random: RandomSource;
  readonly #records = new Map<AccountId, AccountRecord>();
  readonly #opened = new Map<AccountId, OpenedAccount>();
  readonly #opening = new Map<AccountId, Promise<void>>();
  /** Accounts that this device was removed from: they may be signed in to afresh. */
  readonly #removed = new Set<AccountId>();

  /** `directory` holds one directory for each account. */
  constructor(directory: string, opener: AccountOpener, random: RandomSource) {
    this.#directory = directory;
    this.#opener = opener;
    this.#random = random;
    for (const record of loadAccountRecords(directory)) this.#records.set(record.accountId, record);
  }

  list(): AccountSummary[] {
    return [...this.#records.values()].map(({ accountId, address }) => {
      const account = this.#opened.get(accountId);
      return {
        accountId, address, state: this.#stateOf(accountId), sync: account?.sync.current() ?? null,
        resealing: account?.accountKeys.resealing ?? null, vaultRolledBack: account?.accountKeys.refusal === 'vaultRolledBack',
      };
    });
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
    const known = this.find(input.address);
    if (known && !this.#removed.has(known)) throw new DaemonError('accountExists', 'This account is on this device already: unlock it instead.');
    const draft = join(this.#directory, `new-${Buffer.from(this.#random.bytes(9)).toString('base64url')}`);
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    try {
      const signedIn = await this.#signIn(input, join(draft, 'secrets.json'));
      return await this.#addSignedIn(input, signedIn, draft);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }

  /**
   * Opens an account. Of one that is open the passphrase is checked, and the session renewed when it has ended.
   * @throws {DaemonError} "wrongPassphrase" | "unknownAccount" | "deviceRemoved"
   */
  async unlock(accountId: AccountId, passphrase: Redacted<string>): Promise<void> {
    const record = this.#records.get(accountId);
    if (!record) throw unknownAccount();
    const opened = this.#opened.get(accountId);
    if (opened && !opened.needsSignIn) return this.#check(accountId, passphrase);
    await this.#opensOnce(accountId, () => this.#enter(record, passphrase));
  }

  /** A password for one mail program. With `unlocksAccount` it also opens the account on this device when that is locked. */
  async createMailAppPassword(accountId: AccountId, { name, unlocksAccount }: { name: string; unlocksAccount: boolean }): Promise<NewMailAppPassword> {
    const account = this.opened(accountId);
    const created = account.mailAppPasswords.create(name);
    if (unlocksAccount) {
      const { unlocked } = account.access;
      const vault = await vaultForPassword(this.#secretsPathOf(accountId), unlocked, created.password, this.#random);
      this.#verifiersOf(accountId).letUnlock(created.passwordId, vault, unlocked.vaultKey);
    }
    return created;
  }

  /** What a mail program is told of an account that is not open, or of none: who does not have the password learns nothing. */
  async admitWhileLocked(accountId: AccountId | null, password: string): Promise<'wrongCredentials' | 'locked' | 'opened'> {
    const match = accountId && this.#verifiersOf(accountId).match(password);
    if (!match) return 'wrongCredentials';
    const { vault } = match;
    if (vault) await this.#opensOnce(accountId, () => this.#enterByPassword(accountId, vault, password));
    else await this.#opening.get(accountId)?.catch(() => {});   // whoever unlocks it is told when he mistyped
    return this.isOpen(accountId) ? 'opened' : 'locked';
  }

  /** The same account with another session or other keys. Mail programs that are connected connect again. */
  async reopen(accountId: AccountId, entered: EnteredAccount): Promise<void> {
    const record = this.#records.get(accountId);
    if (!record) throw unknownAccount();
    await this.lock(accountId);
    this.#open(record, entered);
  }

  async lock(accountId: AccountId): Promise<void> {
    const account = this.#opened.get(accountId);
    this.#opened.delete(accountId);
    await account?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((accountId) => this.lock(accountId)));
  }

  /** Whoever asks while the account is being opened waits for that. */
  async #opensOnce(accountId: AccountId, open: () => Promise<void>): Promise<void> {
    const opening = this.#opening.get(accountId) ?? open().finally(() => this.#opening.delete(accountId));
    this.#opening.set(accountId, opening);
    await opening;
  }

  /** Without the provider, which wants the passphrase: when the session has ended meanwhile, the account is open and has to be signed in. */
  async #enterByPassword(accountId: AccountId, vaultOfPassword: Uint8Array, password: string): Promise<void> {
    const record = this.#records.get(accountId)!;
    const unlocked = await unlockByPassword(this.#secretsPathOf(accountId), vaultOfPassword, password);
    if (!unlocked || this.#opened.has(accountId)) return;
    this.#open(record, { unlocked, token: this.#sessionIn(record, unlocked) ?? new Redacted('') });
  }

  async #signIn(input: NewAccount, secretsPath: string): Promise<SignedIn> {
    const connection = this.#opener.connect(input.providerUrl);
    try {
      const outcome = await needingProvider(() => this.#ask(input, this.#vault(secretsPath), connection));
      if (!outcome.ok) throw refusalError(outcome.refusal);
      return outcome.account;
    } finally {
      await connection.close();
    }
  }

  async #ask({ mode, address, passphrase, inviteCode, recoveryCode = '' }: NewAccount, vault: AccountVault, connection: ProviderConnection): Promise<SignUpAccountOutcome | SignInOutcome> {
    if (mode === 'signUp') return vault.signUp(connection, { address, passphrase }, inviteCode);
    if (mode === 'signIn') return vault.signIn(connection, { address, passphrase });
    const parsed = parseRecoveryCode(recoveryCode);
    if (parsed.ok) return vault.recover(connection, address, parsed.code, passphrase);
    throw new DaemonError('wrongRecoveryCode', parsed.group > 0 ? `Group ${parsed.group} of the recovery code is mistyped.` : 'A recovery code has eight groups of five characters.');
  }

  async #addSignedIn({ address, providerUrl, name, deviceName }: NewAccount, signedIn: SignedIn, draft: string): Promise<AccountId> {
    const { accountId, keys, replicaUid, token } = signedIn;
    const record: AccountRecord = { accountId, address, providerUrl, replicaUid };
    const path = this.#adopt(draft, accountId);
    const store = this.#opener.openStore(path, record, keys, replicaUid);
    store.saveSession(token);
    const account = this.#opener.open({
      record, store, connection: this.#opener.connect(providerUrl), token, vault: this.#vaultOf(accountId), unlocked: signedIn, deviceName,
      onReplicaRenewed: (renewed) => this.#noteReplica(record, renewed),
    });
    try {
      await needingProvider(() => account.prepare(name));
    } catch (error) {
      await account.close();
      throw error;
    }
    saveAccountRecord(path, record);
    this.#records.set(accountId, record);
    this.#removed.delete(accountId);
    this.#started(accountId, account);
    return accountId;
  }

  async #check(accountId: AccountId, passphrase: Redacted<string>): Promise<void> {
    const unlocked = await this.#vaultOf(accountId).unlock(passphrase);
    if (!unlocked.ok) throw refusalError('loginFailed');
  }

  /** A device that the provider has forgotten after a year goes on by itself; one that was removed has to be signed in again. */
  async #enter(record: AccountRecord, passphrase: Redacted<string>): Promise<void> {
    try {
      await this.#enterAs(record, passphrase);
    } catch (error) {
      if (!(error instanceof DaemonError) || error.code !== 'deviceRemoved') throw error;
      const renewed = await this.#renewForgotten(record, passphrase);
      if (!renewed) this.#removed.add(record.accountId);
      if (!renewed) throw error;
      await this.#enterAs(renewed, passphrase);
    }
  }

  async #renewForgotten(record: AccountRecord, passphrase: Redacted<string>): Promise<AccountRecord | null> {
    const { accountId } = record;
    const unlocked = await this.#vaultOf(accountId).unlock(passphrase);
    if (!unlocked.ok || this.#opened.has(accountId)) return null;
    const replicaUid = this.#opener.renewForgotten(this.#pathOf(accountId), record, unlocked.account.keys);
    if (!replicaUid) return null;
    return this.#noteReplica(record, replicaUid);
  }

  /** The uid that the store has now is the one to log in with, also when this program ends before anything else happens. */
  #noteReplica(record: AccountRecord, replicaUid: ReplicaUid): AccountRecord {
    const renewed = { ...record, replicaUid };
    saveAccountRecord(this.#pathOf(record.accountId), renewed);
    this.#records.set(record.accountId, renewed);
    return renewed;
  }

  async #enterAs(record: AccountRecord, passphrase: Redacted<string>): Promise<void> {
    const { accountId, address, replicaUid } = record;
    const connection = this.#opener.connect(record.providerUrl);
    try {
      const entered = await enterAccount({
        vault: this.#vaultOf(accountId), connection, credentials: { address, passphrase }, replicaUid,
        sessionIn: (unlocked) => this.#sessionIn(record, unlocked),
      });
      await this.reopen(accountId, entered);
    } finally {
      await connection.close();
    }
  }

  /** Of an account that is open the session has ended. */
  #sessionIn(record: AccountRecord, { keys }: UnlockedAccount): Redacted<string> | null {
    if (this.#opened.has(record.accountId)) return null;
    const store = this.#opener.openStore(this.#pathOf(record.accountId), record, keys);
    try {
      return store.loadSession();
    } finally {
      store.close();
    }
  }

  #open(record: AccountRecord, { unlocked, token }: EnteredAccount): void {
    const store = this.#opener.openStore(this.#pathOf(record.accountId), record, unlocked.keys);
    try {
      store.saveSession(token);
      const noted = record.replicaUid === store.replicaUid ? record : this.#noteReplica(record, store.replicaUid);
      const account = this.#opener.open({
        record: noted, store, connection: this.#opener.connect(record.providerUrl), token, vault: this.#vaultOf(record.accountId), unlocked,
        onReplicaRenewed: (replicaUid) => this.#noteReplica(noted, replicaUid),
      });
      this.#started(record.accountId, account);
    } catch (error) {
      store.close();
      throw error;
    }
  }

  #started(accountId: AccountId, account: OpenedAccount): void {
    this.#opened.set(accountId, account);
    account.mailAppPasswords.mirrorTo(this.#verifiersOf(accountId), account.access.unlocked.vaultKey);
    account.start();
  }

  /** The directory of a finished sign-in; what an earlier one left that broke off is replaced. */
  #adopt(draft: string, accountId: AccountId): string {
    const path = this.#pathOf(accountId);
    rmSync(path, { recursive: true, force: true });
    renameSync(draft, path);
    return path;
  }

  #vaultOf(accountId: AccountId): AccountVault {
    return this.#vault(this.#secretsPathOf(accountId));
  }

  #verifiersOf(accountId: AccountId): MailAppVerifiers {
    return new MailAppVerifiers(join(this.#pathOf(accountId), 'mail-app-passwords.json'));
  }

  #secretsPathOf(accountId: AccountId): string {
    return join(this.#pathOf(accountId), 'secrets.json');
  }

  #vault(secretsPath: string): AccountVault {
    return new AccountVault({ secretsPath, random: this.#random });
  }

  #pathOf(accountId: AccountId): string {
    return join(this.#directory, accountId);
  }

  #stateOf(accountId: AccountId): AccountSummary['state'] {
    const account = this.#opened.get(accountId);
    if (account) return account.needsSignIn ? 'signInNeeded' : 'open';
    return this.#opening.has(accountId) ? 'opening' : 'locked';
  }
}

function unknownAccount(): DaemonError {
  return new DaemonError('unknownAccount', 'There is no such account on this device.');
}
