// The journey in, on the device: lease, fetch, open, file, sync up, and only then acknowledge. A crash at any point leaves the
// item at the provider; everything filed derives its ids from the item, so doing it again changes nothing.

import { parseMailboxId, type Clock, type ReplicaUid } from '@paloma/shared-model';
import type { IncomingBoxClient } from '@paloma/document-store';
import type { ItemLease, LeasedItem } from '@paloma/sync-protocol';
import type { Keyring } from '@paloma/keyring';
import type { MailStore } from '@paloma/mail-store/port';
import type { Logger } from '../log.js';
import { openIncomingItem } from './open-incoming-item.js';
import type { Quarantine } from './quarantine.js';

const INBOX = parseMailboxId('inbox');
/** Items taken at once: enough to fill a request, few enough to be done well within the lease. */
const LEASE_ITEMS = 32;
/** Octets held in memory at once, sealed. */
const FETCH_BYTES = 64 * 1024 * 1024;
/** After an outage the provider is asked again this much later; the event stream usually speaks first. */
const RETRY_MS = 5_000;

export interface IncomingPipelineOptions {
  box: IncomingBoxClient;
  replicaUid: ReplicaUid;
  keyring: Keyring;
  mailStore: MailStore;
  quarantine: Quarantine;
  /** Resolves when everything written so far is at the provider. */
  syncUp: () => Promise<void>;
  clock: Clock;
  log: Logger;
}

export class IncomingPipeline {
  readonly #options: IncomingPipelineOptions;
  #running: Promise<void> | null = null;
  #isAskedAgain = false;
  #retry: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: IncomingPipelineOptions) {
    this.#options = options;
  }

  /** Takes what is waiting; harmless when there is nothing. Resolves when this round is over. */
  wake(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#isAskedAgain = true;
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAskedAgain && !this.#isStopped) {
        this.#isAskedAgain = false;
        while (!this.#isStopped && await this.#takeBatch());
      }
    } catch (error) {
      this.#options.log.warn({ err: error }, 'incoming box not available');
      if (!this.#isStopped) this.#retry = setTimeout(() => void this.wake(), RETRY_MS).unref();
    }
  }

  /** One batch; false when nothing was waiting. */
  async #takeBatch(): Promise<boolean> {
    const { box, replicaUid, syncUp } = this.#options;
    const leases = await box.lease(replicaUid, LEASE_ITEMS);
    if (leases.length === 0) return false;
    const [batch, later] = splitBySize(leases);
    const filed: LeasedItem[] = [];
    for await (const item of box.fetch(batch)) {
      if (!('octets' in item)) continue;
      const lease = batch.find(({ itemId }) => itemId === item.itemId)!;
      await this.#file(lease, item.octets);
      filed.push(lease);
    }
    await syncUp();
    await box.settle({ acks: filed.map(leaseOf), releases: later.map(leaseOf), failures: [] });
    return true;
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
