// One unlocked account: every part of the client for it, wired together. Made when the account is unlocked, closed when it is
// locked; nothing of it outlives that.

import type { Clock, MailAddress, RandomSource, Redacted, ReplicaUid } from '@paloma/shared-model';
import {
  EventStream, IncomingBoxClient, SyncEngine,
  type AccountVault, type LocalDocumentStore, type ProviderConnection, type Scheduler, type SyncReport, type UnlockedAccount,
} from '@paloma/document-store';
import { KeyRefresher, Keyring, type CertificateDirectory } from '@paloma/keyring';
import { createDocumentMailStore, mergers, repairAfterSync, type DocumentMailStore } from '@paloma/mail-store';
import type { OpenAccount, StorageUsage, SyncStatusSource } from '@paloma/mail-store/port';
import { DaemonError } from '../daemon-error.js';
import { IncomingPipeline } from '../incoming/incoming-pipeline.js';
import { Quarantine } from '../incoming/quarantine.js';
import type { Logger } from '../log.js';
import { Outbox } from '../outgoing/outbox.js';
import { Sender } from '../outgoing/sender.js';
import type { SubmissionClient } from '../outgoing/submission-client.js';
import { AccountKeys } from './account-keys.js';
import type { AccountRecord } from './account-record.js';
import { KeyringReview } from './key-review.js';
import { MailAppPasswords } from './mail-app-passwords.js';
import { ensureOwnIdentity } from './own-identity.js';
import { subscribeToReturn } from './provider-return.js';
import { ProviderStorage } from './provider-storage.js';

/** A mail program asks again after an error; this long it rather waits for a body that is on its way to a new device. */
const CONTENT_ARRIVAL_MS = 20_000;

export interface OpenedAccountParts {
  record: AccountRecord;
  store: LocalDocumentStore;
  /** Without a session. */
  connection: ProviderConnection;
  token: Redacted<string>;
  vault: AccountVault;
  unlocked: UnlockedAccount;
  /** For a device that is new. */
  deviceName?: string | undefined;
  directory: CertificateDirectory;
  submissionClient: SubmissionClient;
  clock: Clock;
  random: RandomSource;
  scheduler: Scheduler;
  log: Logger;
  /** The store goes on under another uid: the one to log in with from now on. */
  onReplicaRenewed(replicaUid: ReplicaUid): void;
}

/** What changes of the account work on. */
export interface AccountAccess {
  vault: AccountVault;
  unlocked: UnlockedAccount;
  /** With the account's session. */
  session: ProviderConnection;
  store: LocalDocumentStore;
  replicaUid: ReplicaUid;
  address: MailAddress;
  providerUrl: string;
}

export class OpenedAccount implements OpenAccount {
  readonly address: MailAddress;
  readonly mailStore: DocumentMailStore;
  readonly submissions: Outbox;
  readonly keys: KeyringReview;
  readonly mailAppPasswords: MailAppPasswords;
  readonly keyring: Keyring;
  readonly accountKeys: AccountKeys;
  readonly #parts: OpenedAccountParts;
  readonly #session: ProviderConnection;
  readonly #engine: SyncEngine;
  readonly #incoming: IncomingPipeline;
  readonly #sender: Sender;
  readonly #keyRefresher: KeyRefresher;
  readonly #storage: ProviderStorage;
  #endEvents: () => void = () => {};
  readonly #endReturns: () => void;
  #isIdentityKnown = false;

  constructor(parts: OpenedAccountParts) {
    const { record, store, connection, token, directory, clock, random, scheduler, log } = parts;
    this.#parts = parts;
    this.address = record.address;
    this.#session = connection.withSession(token);
    this.mailStore = createDocumentMailStore({ store, accountId: record.accountId, address: record.address, clock, scheduler, arrivalTimeoutMs: CONTENT_ARRIVAL_MS });
    this.keyring = new Keyring({ store, directory, clock });
    this.mailAppPasswords = new MailAppPasswords(store, clock, random);
    const events = new EventStream({ connection: this.#session, scheduler, random });
    this.accountKeys = new AccountKeys({ ...parts, deviceName: parts.deviceName, session: this.#session, sync: () => this.#engine.sync() });
    this.#engine = new SyncEngine({
      store, transport: this.accountKeys.transport, mergers, clock, random, events, scheduler, onReplicaRenewed: () => this.#noteRenewal(),
    });
    this.#storage = new ProviderStorage(this.accountKeys.transport, clock);
    this.#incoming = new IncomingPipeline({
      box: new IncomingBoxClient(this.#session), replicaUid: () => store.replicaUid, keyring: this.keyring, mailStore: this.mailStore,
      quarantine: new Quarantine(store), onNotice: (arrived) => this.submissions.reports.record(arrived), syncUp: () => this.#sync(), clock, random, scheduler, log,
    });
    this.submissions = new Outbox({ store, mailStore: this.mailStore, keyring: this.keyring, clock, random });
    this.keys = new KeyringReview({ store, keyring: this.keyring, random, onDecided: (address) => this.submissions.hasten(address) });
    this.#sender = new Sender({ outbox: this.submissions, mailStore: this.mailStore, keyring: this.keyring, client: parts.submissionClient, clock, random, scheduler, log });
    this.#keyRefresher = new KeyRefresher({ keyring: this.keyring, scheduler, random, onFailure: (err) => log.warn({ err }, 'keys could not be refreshed') });
    this.#endEvents = events.subscribe((event) => {
      if (event.event === 'vault') void this.accountKeys.refresh();
      if (event.event === 'devices') void this.#engine.sync().then(() => this.#renewIdentity());   // finds out whether this device's session has ended
      if (event.event === 'incoming' && event.data.pending > 0 && this.#isIdentityKnown) void this.#incoming.wake();
    });
    this.#engine.status().subscribe(({ phase, pendingDown }) => {
      if (phase === 'idle' && pendingDown === 0) this.#settle();
      if (phase === 'idle') void this.accountKeys.resume();
    });
    this.#endReturns = subscribeToReturn(this.#engine.status(), () => this.submissions.records.attemptWaiting(clock.nowMs()));
  }

  storageUsage(): Promise<StorageUsage | null> {
    return this.#storage.usage();
  }

  get sync(): SyncStatusSource {
    return this.#engine.status();
  }

  get access(): AccountAccess {
    const { vault, unlocked, store, record } = this.#parts;
    return { vault, unlocked, session: this.#session, store, replicaUid: store.replicaUid, address: this.address, providerUrl: record.providerUrl };
  }

  /** The session has ended, or the vault opens no more: the passphrase is needed. */
  get needsSignIn(): boolean {
    return this.sync.current().error === 'unauthorized' || this.accountKeys.refusal === 'vaultLocked';
  }

  /** Begins to sync, to receive and to send. */
  start(): void {
    this.accountKeys.describeDevice();
    this.#engine.start();
    void this.#sender.wake();
    this.#keyRefresher.start();
  }

  /**
   * Makes a new account ready, or this device ready for an old one; the mail that is there already comes after `start`. `name`
   * is for the From address of a new account; on an account that has one it changes nothing.
   */
  async prepare(name: string): Promise<void> {
    assertReached(await this.#engine.syncAccount());
    await this.#ensureIdentity(name);
    this.#isIdentityKnown = true;
    assertReached(await this.#engine.syncAccount());
  }

  /** Resolves when nothing is pending in either direction. @throws {DaemonError} "providerUnreachable" */
  async settle(): Promise<void> {
    await this.#incoming.wake();
    await this.#sync();
  }

  /** The user has seen what the provider did. */
  dismissAlarms(): void {
    this.#engine.dismissAlarms();
  }

  /** The user knows that the provider was restored from a backup. */
  acceptRestoredProvider(): void {
    this.#engine.acceptRestoredProvider();
    void this.accountKeys.giveBack().catch((error: unknown) => this.#parts.log.warn({ err: error }, 'the vault could not be given back yet'));
  }

  /** The user knows why the provider calls this device gone: it was put back to a backup of its own. */
  startAfresh(): void {
    this.#engine.startAfresh();
  }

  async close(): Promise<void> {
    this.#endEvents();
    this.#endReturns();
    await this.#keyRefresher.stop();
    await this.#sender.stop();
    await this.#incoming.stop();
    await this.#engine.stop();
    await this.accountKeys.stop();
    this.mailStore.close();
    this.#parts.store.close();
    await this.#parts.connection.close();
  }

  async #sync(): Promise<void> {
    assertReached(await this.#engine.sync());
  }

  /** An old copy of a store, or one that the provider has forgotten. */
  #noteRenewal(): void {
    const { log, onReplicaRenewed, store } = this.#parts;
    log.warn('the store goes on as a new replica and reads the whole log again');
    onReplicaRenewed(store.replicaUid);
    this.accountKeys.describeDevice();
  }

  /** After a complete sync: puts right what two devices, or one that became another replica, left between them. */
  #settle(): void {
    const { store, clock } = this.#parts;
    repairAfterSync(store, clock);
    this.submissions.records.adoptFormer();
    void this.#settleIdentity();
  }

  #ensureIdentity(name: string): Promise<void> {
    return ensureOwnIdentity({ ...this.#parts, keyring: this.keyring, connection: this.#session, address: this.address }, name);
  }

  /** An alias may have come or gone. */
  async #renewIdentity(): Promise<void> {
    if (!this.#isIdentityKnown || this.needsSignIn) return;
    await this.#ensureIdentity('').catch((error: unknown) => this.#parts.log.warn({ err: error }, 'aliases could not be asked for yet'));
  }

  /** Makes key and identity where they are missing. */
  async #settleIdentity(): Promise<void> {
    const { log } = this.#parts;
    if (this.#isIdentityKnown) return;
    this.#isIdentityKnown = true;
    try {
      await this.#ensureIdentity('');
      await this.#incoming.wake();
    } catch (error) {
      this.#isIdentityKnown = false;
      log.warn({ err: error }, 'own certificate could not be published yet');
    }
  }
}

function assertReached({ failure }: SyncReport): void {
  if (failure) throw new DaemonError('providerUnreachable', `The provider could not be reached (${failure.code}): check the network, it will be tried again.`);
}
