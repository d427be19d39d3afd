// The journey in, on the device: lease, fetch, open, file, sync up, and only then acknowledge. A crash at any point leaves the
// item at the provider; everything filed derives its ids from the item, so doing it again changes nothing.

import assert from 'node:assert/strict';
import { parseIncomingItemId, parseMailboxId, type Clock, type IncomingItemId, type QuarantineItemDocument, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import { BackOff, systemScheduler, type Scheduler } from '@paloma/document-store';
import type { ItemLease, LeasedItem } from '@paloma/sync-protocol';
import type { Keyring } from '@paloma/keyring';
import type { MailStore } from '@paloma/mail-store/port';
import type { Logger } from '../log.js';
import { Rounds } from '../rounds.js';
import type { ArrivedNotice } from '../outgoing/delivery-reports.js';
import type { IncomingBox } from './incoming-box.js';
import { openIncomingItem } from './open-incoming-item.js';
import type { Quarantine } from './quarantine.js';

const INBOX = parseMailboxId('inbox');
/** Items taken at once: enough to fill a request, few enough to be done well within the lease. */
const LEASE_ITEMS = 32;
/** Octets held in memory at once, sealed. */
const FETCH_BYTES = 64 * 1024 * 1024;

export interface IncomingPipelineOptions {
  box: IncomingBox;
  /** Whose leases they are; of a store that goes on as another replica it changes. */
  replicaUid: () => ReplicaUid;
  keyring: Keyring;
  mailStore: MailStore;
  quarantine: Quarantine;
  /** Told of each notice about what was sent, once what other devices have sent is known here. */
  onNotice: (arrived: ArrivedNotice) => void;
  /** Resolves when everything written so far is at the provider. */
  syncUp: () => Promise<void>;
  clock: Clock;
  random: RandomSource;
  scheduler?: Scheduler;
  log: Logger;
}

export class IncomingPipeline {
  readonly #options: IncomingPipelineOptions;
  readonly #backOff: BackOff;
  readonly #rounds = new Rounds(() => this.#takeAll());
  readonly #endKeyWatch: () => void;
  /** Filed, and not told of yet. */
  readonly #notices = new Map<IncomingItemId, ArrivedNotice>();
  #cancelRetry: () => void = () => {};

  constructor(options: IncomingPipelineOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
    this.#endKeyWatch = options.quarantine.onNewKey(() => void this.wake());
  }

  /** Takes what is waiting; harmless when there is nothing. Resolves when that is done, or could not be done now. */
  wake(): Promise<void> {
    return this.#rounds.ask();
  }

  async stop(): Promise<void> {
    this.#endKeyWatch();
    this.#cancelRetry();
    await this.#rounds.stop();
  }

  /** A device that has no key yet can open nothing: it leaves everything to the others. */
  async #takeAll(): Promise<void> {
    this.#cancelRetry();
    if (this.#options.keyring.ownSecretKeys().length === 0) return;
    try {
      await this.#retryQuarantined();
      this.#tellOfNotices();
      let isMore = true;
      while (isMore && !this.#rounds.isStopped) isMore = await this.#takeBatch();
      this.#backOff.reset();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'incoming box not available');
      this.#retryLater();
    }
  }

  /** The event stream usually speaks first. */
  #retryLater(): void {
    const { scheduler = systemScheduler } = this.#options;
    if (!this.#rounds.isStopped) this.#cancelRetry = scheduler.after(this.#backOff.next(), () => void this.wake());
  }

  /** One batch; false when nothing was waiting that could be settled. */
  async #takeBatch(): Promise<boolean> {
    const { box, replicaUid, syncUp } = this.#options;
    const leases = await box.lease(replicaUid(), LEASE_ITEMS);
    if (leases.length === 0) return false;
    const [batch, later] = splitBySize(leases);
    const { filed, failed } = await this.#fileBatch(batch);
    await syncUp();
    this.#tellOfNotices();
    await box.settle({ acks: filed, releases: later.map(leaseOf), failures: failed.map((item) => ({ ...item, reason: 'internal' })) });
    return filed.length + failed.length > 0;
  }

  /** An item that cannot be filed keeps no other from being filed. */
  async #fileBatch(batch: readonly LeasedItem[]): Promise<{ filed: ItemLease[]; failed: ItemLease[] }> {
    const [filed, failed]: [ItemLease[], ItemLease[]] = [[], []];
    for await (const item of this.#options.box.fetch(batch.map(leaseOf))) {
      const lease = batch.find(({ itemId }) => itemId === item.itemId);
      if (lease && 'octets' in item) (await this.#isFiled(lease, item.octets) ? filed : failed).push(leaseOf(lease));
    }
    return { filed, failed };
  }

  async #isFiled({ itemId, receivedAtMs }: LeasedItem, sealed: Uint8Array): Promise<boolean> {
    const { quarantine, log } = this.#options;
    try {
      const reason = await this.#file({ itemId, receivedAtMs }, sealed);
      if (reason) quarantine.keep({ itemId, octets: sealed, receivedAtMs }, reason);
      return true;
    } catch (error) {
      log.error({ err: error, itemId }, 'item could not be filed');
      return false;
    }
  }

  /** They are mail that was filed, whatever becomes of what they say. */
  #tellOfNotices(): void {
    const { onNotice, log } = this.#options;
    for (const [itemId, arrived] of this.#notices) {
      this.#notices.delete(itemId);
      try {
        onNotice(arrived);
      } catch (error) {
        log.error({ err: error, itemId }, 'what a notice says could not be kept');
      }
    }
  }

  async #retryQuarantined(): Promise<void> {
    const { quarantine, log } = this.#options;
    for (const item of quarantine.takeDue()) {
      const itemId = parseIncomingItemId(item.incomingItemId);
      try {
        const reason = await this.#file({ itemId, receivedAtMs: item.receivedAtMs }, await quarantine.load(item));
        if (reason === null) quarantine.release(item);
      } catch (error) {
        log.warn({ err: error, itemId }, 'item stays in quarantine');
      }
    }
  }

  /** Why it could not be filed; `null` when it was, now or before. */
  async #file({ itemId, receivedAtMs }: { itemId: IncomingItemId; receivedAtMs: number }, sealed: Uint8Array): Promise<QuarantineItemDocument['reason'] | null> {
    const opened = await openIncomingItem(sealed, this.#options);
    if (!opened.ok) return opened.reason;
    const outcome = await this.#options.mailStore.append({
      octets: opened.octets, mailboxIds: [INBOX], receivedAtMs, security: opened.security,
      source: { sourceId: itemId, asReceived: opened.asReceived },
    });
    if (outcome.ok || outcome.refusal === 'alreadyDestroyed') {
      if (opened.notice) this.#notices.set(itemId, { notice: opened.notice, emailId: outcome.ok ? outcome.emailId : null, receivedAtMs });
      return null;
    }
    assert(outcome.refusal === 'tooLarge', 'INBOX is always there');
    return outcome.refusal;
  }
}

/** As many of the leased items as fit in memory, at least one; the rest goes back. */
function splitBySize(leases: readonly LeasedItem[]): [batch: LeasedItem[], later: LeasedItem[]] {
  let sizeBytes = 0;
  const count = leases.findIndex((lease) => (sizeBytes += lease.sizeBytes) > FETCH_BYTES);
  const taken = count < 0 ? leases.length : Math.max(count, 1);
  return [leases.slice(0, taken), leases.slice(taken)];
}

function leaseOf({ itemId, lease }: LeasedItem): ItemLease {
  return { itemId, lease };
}
