// Synchronisation of one store with one provider: pull, blobs, push, and again while there are conflicts. One sync runs at a
// time; asking while one runs gets the next one. It may be interrupted anywhere and begun again: every step is a transaction
// here and idempotent there. What goes wrong with one document is an alarm of that document and stops no other.

import { parseGeneration, type Clock, type OpaqueDocumentId, type RandomSource, type Revision, type SyncStatus } from '@paloma/shared-model';
import type { InfoAnswer } from '@paloma/sync-protocol';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import type { SetAsideDocument } from '../local/set-aside-table.js';
import type { ProviderEvents, SyncTransport } from '../provider/sync-transport.js';
import { systemScheduler, type Scheduler } from '../scheduler.js';
import { StoreError } from '../store-error.js';
import { BlobTransfer } from './blob-transfer.js';
import { Freshness } from './freshness.js';
import { DEFAULT_MERGERS, type Mergers } from './merge.js';
import { OwnHead } from './own-head.js';
import { ProviderLog } from './provider-log.js';
import { Pull } from './pull.js';
import { Push } from './push.js';
import { ItemReceiver } from './receive-item.js';
import { dropUnconfirmed, isLongSilent, startAfresh } from './start-afresh.js';
import { emptyReport, failureOf, type SyncReport } from './sync-report.js';
import { SyncSchedule } from './sync-schedule.js';
import { SyncStatusSource } from './sync-status.js';

/** Pull and push again at most so often in one sync; other devices may be faster again and again. */
const MAX_ROUNDS = 5;
const RESTORED_CODES: readonly string[] = ['generationUnknown', 'transactionMismatch'];
const OFFLINE_CODES: readonly string[] = ['unreachable', 'unavailable'];

export interface SyncEngineOptions {
  store: LocalDocumentStore;
  transport: SyncTransport;
  /** By document type, besides that of `email`. */
  mergers?: Mergers;
  clock: Clock;
  random: RandomSource;
  /** Where `start` hears of changes at the provider. */
  events?: ProviderEvents;
  scheduler?: Scheduler;
  /** For the log: this store was an old copy of itself, or was forgotten, and goes on as a new replica. */
  onReplicaRenewed?(): void;
}

export class SyncEngine {
  readonly #options: SyncEngineOptions;
  readonly #log: ProviderLog;
  readonly #head: OwnHead;
  readonly #freshness: Freshness;
  readonly #receiver: ItemReceiver;
  readonly #status: SyncStatusSource;
  readonly #schedule: SyncSchedule;
  #info: InfoAnswer | null = null;
  #hasRetriedSetAside = false;
  /** Whether nobody else writes under our uid: looked at once in the life of an engine, since only while none runs can a file be put back. */
  #isAlone = false;
  /** Whether something may have been pushed under a uid that somebody else writes under. */
  #isDoubted = false;
  #queued: Promise<SyncReport> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #stopping = new AbortController();

  constructor(options: SyncEngineOptions) {
    this.#options = options;
    const { store, transport, mergers, clock, random } = options;
    this.#log = new ProviderLog(store.meta);
    this.#head = new OwnHead(store, this.#log);
    this.#freshness = new Freshness({ store, log: this.#log, head: this.#head });
    this.#receiver = new ItemReceiver({ store, freshness: this.#freshness, mergers: { ...DEFAULT_MERGERS, ...mergers }, clock, random });
    this.#status = new SyncStatusSource(this.#initialStatus());
    this.#schedule = new SyncSchedule({ sync: () => this.sync(), isNews: (head) => head > (this.#log.knownHead()?.generation ?? 0), ...this.#scheduleParts() });
    store.useBlobSource(transport);
  }

  /** Observable state of synchronisation. */
  status(): SyncStatusSource {
    return this.#status;
  }

  /** Runs one sync that sees every commit made before the call. Failures are in the report; only bugs are thrown. */
  sync(): Promise<SyncReport> {
    if (this.#queued) return this.#queued;
    this.#queued = this.#enqueue(() => {
      this.#queued = null;
      return this.#run('all');
    });
    return this.#queued;
  }

  /** Mailboxes, keys and settings down, and up what was written here: all that a new device waits for before it can be used. */
  syncAccount(): Promise<SyncReport> {
    return this.#enqueue(() => this.#run('account'));
  }

  /** Syncs now, then on every event of the provider, after local commits, and every 15 minutes. */
  start(): void {
    this.#schedule.start();
  }

  /**
   * Begins no new sync and ends the one under way after its present page or batch, with failure "stopped"; settles when it
   * has. The next sync, of this engine or of another on the same store, goes on where it ended.
   */
  async stop(): Promise<void> {
    this.#schedule.stop();
    this.#stopping.abort(new StoreError('stopped', 'the sync was stopped'));
    await this.#last;
    this.#stopping = new AbortController();
  }

  /** What the provider sent and this device did not accept, oldest first. */
  listSetAside(): SetAsideDocument[] {
    return this.#options.store.setAside.list();
  }

  /** The user has seen this alarm. The octets that were kept for it are given up. */
  dismissSetAside(opaqueId: OpaqueDocumentId, revision: Revision): void {
    this.#options.store.setAside.remove(opaqueId, revision);
    this.#status.update({ alarm: this.#storedAlarm(), ...this.#pending() });
  }

  /**
   * The user has seen every alarm: what was set aside is given up, and that the provider withheld something or told two histories
   * is said again only when the next sync finds it so. A restored provider is not accepted by this.
   */
  dismissAlarms(): void {
    const { setAside } = this.#options.store;
    for (const { opaqueId, revision } of setAside.list()) setAside.remove(opaqueId, revision);
    this.#freshness.dismiss();
    this.#status.update({ phase: 'idle', alarm: null, ...this.#pending() });
  }

  /**
   * The user accepts that the provider was restored from a backup: its log is read anew, and what it lost goes up again.
   * Until then every sync ends with that alarm.
   */
  acceptRestoredProvider(): void {
    const { store } = this.#options;
    store.commit(() => {
      this.#log.restart();
      this.#head.forget();
      this.#freshness.forget();
      store.documents.markAllDirty(this.#head.documentId);
      store.blobs.offerAllAgain();
      store.meta.save('isRecovering', 1);
    }, { durable: true });
    this.#status.update({ phase: 'idle', alarm: this.#storedAlarm(), error: null });
  }

  /**
   * Begins again as a fresh replica; by itself after a year away. For a user who knows why the provider calls this replica gone
   * before that (alarm "forgottenTooSoon"): the device was removed, or put back to a backup of its own. Edits that were not
   * pushed stay; what the provider turns out not to have any more is dropped by the next complete sync.
   */
  startAfresh(): void {
    const { onReplicaRenewed, random, store } = this.#options;
    startAfresh(store, random);
    this.#isAlone = true;
    this.#isDoubted = false;
    this.#status.update({ phase: 'idle', alarm: this.#storedAlarm(), error: null, pendingDown: this.#pendingDown(), ...this.#pending() });
    onReplicaRenewed?.();
  }

  /** One at a time, in the order asked for. */
  #enqueue(work: () => Promise<SyncReport>): Promise<SyncReport> {
    const queued = this.#last.then(work);
    this.#last = queued.catch(() => undefined);
    return queued;
  }

  async #run(scope: 'all' | 'account'): Promise<SyncReport> {
    const report = emptyReport();
    try {
      await this.#syncAsOne(report, scope);
      if (scope === 'all') this.#options.store.meta.save('lastSyncAtMs', this.#options.clock.nowMs());
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      report.failure = failureOf(error);
    }
    this.#tellOutcome(report);
    return report;
  }

  /** An old copy of a store, and one that the provider has forgotten, find that out while they pull, before they have pushed anything. */
  async #syncAsOne(report: SyncReport, scope: 'all' | 'account'): Promise<void> {
    try {
      await this.#syncInto(report, scope);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (error.code === 'replicaReused') this.#renewReplica();
      else if (error.code === 'gone' && isLongSilent(this.#options.store, this.#options.clock)) this.startAfresh();
      else throw error;
      report.isReplicaRenewed = true;
      await this.#syncInto(report, scope);
    }
  }

  async #syncInto(report: SyncReport, scope: 'all' | 'account'): Promise<void> {
    const { store, transport, random } = this.#options;
    const { limits } = (this.#info ??= await this.#askInfo());
    this.#retrySetAside(report);
    const parts = { store, transport, random, limits, log: this.#log, head: this.#head, signal: this.#stopping.signal };
    const onProgress = (): void => this.#status.update(this.#pending());
    let behind = 0;
    for (let round = 0; round === 0 || (behind > 0 && round < MAX_ROUNDS); round++) {
      this.#status.update({ phase: 'pulling' });
      await this.#pull(report, scope);
      this.#status.update({ phase: 'blobs' });
      await new BlobTransfer({ ...parts, onProgress }, report).run();
      store.settleBlobs();
      this.#status.update({ phase: 'pushing' });
      behind = await new Push({ ...parts, onProgress, onDoubt: () => this.#doubtAlone() }, report).run();
    }
    report.unresolved = behind;
    if (store.documents.countDirty() === 0) store.meta.delete('isRecovering');
  }

  async #pull(report: SyncReport, scope: 'all' | 'account'): Promise<void> {
    const { store, transport } = this.#options;
    const onProgress = (pendingDown: number): void => this.#status.update({ pendingDown });
    const pull = new Pull({ store, transport, withOwn: !this.#isAlone, log: this.#log, receiver: this.#receiver, signal: this.#stopping.signal, onProgress }, report);
    if (scope === 'account') return pull.runAccount();
    await pull.run();
    dropUnconfirmed(store);
    this.#isAlone = true;
    this.#isDoubted = false;
    this.#freshness.verify();
  }

  /** Read again from the beginning, what we wrote included, the log shows whether somebody else writes under our uid. */
  #doubtAlone(): void {
    this.#isAlone = false;
    this.#isDoubted = true;
    this.#log.readAnew();
  }

  #renewReplica(): void {
    const { onReplicaRenewed, random, store } = this.#options;
    const formerUid = store.replicaUid;
    store.renewReplica(random, { runsElsewhere: this.#isDoubted });
    if (this.#isDoubted) this.#head.retire(formerUid);
    store.commit(() => {
      this.#log.readAnew();
      this.#head.forget();
    }, { durable: true });
    this.#isAlone = true;
    this.#isDoubted = false;
    this.#status.update({ pendingDown: this.#pendingDown() });
    onReplicaRenewed?.();
  }

  /** A newer program, or a key that came meanwhile, may accept what was set aside: tried once for each engine. */
  #retrySetAside(report: SyncReport): void {
    if (this.#hasRetriedSetAside) return;
    this.#hasRetriedSetAside = true;
    const { store } = this.#options;
    store.commit((commit) => {
      for (const document of store.setAside.listRetried()) {
        const item = store.setAside.loadItem(document);
        if (item && this.#receiver.retry(item, commit) === 'accepted') report.pulled += 1;
      }
    });
  }

  async #askInfo(): Promise<InfoAnswer> {
    const info = await this.#options.transport.info();
    if (info.accountId !== this.#options.store.accountId) throw new StoreError('wrongAccount', 'the session is of another account');
    return info;
  }

  #tellOutcome({ failure }: SyncReport): void {
    const isRestored = failure !== null && RESTORED_CODES.includes(failure.code);
    const alarm = isRestored ? 'providerRestored' : failure?.code === 'gone' ? 'forgottenTooSoon' : this.#storedAlarm();
    const isOffline = failure !== null && OFFLINE_CODES.includes(failure.code);
    const error = failure?.code === 'stopped' ? null : (failure?.code ?? null);
    this.#status.update({ phase: alarm ? 'alarm' : isOffline ? 'offline' : 'idle', alarm, error, lastSyncAtMs: this.#lastSyncAtMs(), ...this.#pending() });
  }

  #initialStatus(): SyncStatus {
    const alarm = this.#storedAlarm();
    return { phase: alarm ? 'alarm' : 'idle', pendingDown: this.#pendingDown(), error: null, alarm, lastSyncAtMs: this.#lastSyncAtMs(), ...this.#pending() };
  }

  /** What was set aside says more precisely what happened than that something is missing. */
  #storedAlarm(): string | null {
    return this.#options.store.setAside.list().at(-1)?.reason ?? this.#freshness.alarm;
  }

  #pending(): { pendingUp: number } {
    const { blobs, documents } = this.#options.store;
    return { pendingUp: documents.countDirty() + blobs.countPending() };
  }

  /** Of the log as far as it is known. */
  #pendingDown(): number {
    return this.#log.pendingDown(this.#log.knownHead()?.generation ?? parseGeneration(0));
  }

  #lastSyncAtMs(): number | null {
    return this.#options.store.meta.loadNumber('lastSyncAtMs') || null;
  }

  #scheduleParts(): Pick<SyncEngineOptions, 'store' | 'events' | 'random'> & { scheduler: Scheduler } {
    const { store, events, random, scheduler = systemScheduler } = this.#options;
    return { store, random, scheduler, ...(events ? { events } : {}) };
  }
}
