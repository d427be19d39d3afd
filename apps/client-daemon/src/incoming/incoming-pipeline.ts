// The journey in, on the device: lease, fetch, open, file, sync up, and only then acknowledge. A crash at any point leaves the
// item at the provider; everything filed derives its ids from the item, so doing it again changes nothing.

import { parseMailboxId, type Clock, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import { BackOff, systemScheduler, type Scheduler } from '@paloma/document-store';
import type { ItemLease, LeasedItem } from '@paloma/sync-protocol';
import type { Keyring } from '@paloma/keyring';
import type { MailStore } from '@paloma/mail-store/port';
import type { Logger } from '../log.js';
import { Rounds } from '../rounds.js';
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
  replicaUid: ReplicaUid;
  keyring: Keyring;
  mailStore: MailStore;
  quarantine: Quarantine;
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
  #cancelRetry: () => void = () => {};

  constructor(options: IncomingPipelineOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  /** Takes what is waiting; harmless when there is nothing. Resolves when that is done, or could not be done now. */
  wake(): Promise<void> {
    return this.#rounds.ask();
  }

  async stop(): Promise<void> {
    this.#cancelRetry();
    await this.#rounds.stop();
  }

  async #takeAll(): Promise<void> {
    this.#cancelRetry();
    try {
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
    const leases = await box.lease(replicaUid, LEASE_ITEMS);
    if (leases.length === 0) return false;
    const [batch, later] = splitBySize(leases);
    const { filed, failed } = await this.#fileBatch(batch);
    await syncUp();
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

  async #isFiled(lease: LeasedItem, sealed: Uint8Array): Promise<boolean> {
    try {
      await this.#file(lease, sealed);
      return true;
    } catch (error) {
      this.#options.log.error({ err: error, itemId: lease.itemId }, 'item could not be filed');
      return false;
    }
  }

  async #file({ itemId, receivedAtMs }: LeasedItem, sealed: Uint8Array): Promise<void> {
    const { mailStore, quarantine, log } = this.#options;
    const opened = await openIncomingItem(sealed, this.#options);
    if (!opened.ok) return quarantine.keep({ itemId, octets: sealed, receivedAtMs }, opened.reason);
    const outcome = await mailStore.append({
      octets: opened.octets, mailboxIds: [INBOX], receivedAtMs, security: opened.security,
      source: { incomingItemId: itemId, asReceived: opened.asReceived },
    });
    if (outcome.ok || outcome.refusal === 'alreadyDestroyed') return;
    log.warn({ itemId, refusal: outcome.refusal }, 'item goes to quarantine');
    quarantine.keep({ itemId, octets: sealed, receivedAtMs }, 'tooLarge');
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
