// After a rotation everything that the provider has is sealed anew under the new storage root: documents by being pushed
// again in small groups between which new mail goes first, then blobs one by one. How far it is stands in the store, and moves
// in the transaction that marks a group or after a blob was replaced: a killed process goes on where it was, and what is done
// twice changes nothing.

import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import type { SyncTransport } from '../provider/sync-transport.js';
import type { SyncReport } from '../sync/sync-report.js';
import { resealBlob, type BlobResealingParts } from './reseal-blob.js';

export interface ResealingProgress {
  /** The epoch that everything is sealed under in the end. */
  epoch: number;
  phase: 'documents' | 'blobs';
  /** Documents done and all documents; blobs are not counted beforehand. */
  done: number;
  total: number;
}

export interface ResealingParts extends BlobResealingParts {
  readonly transport: Pick<SyncTransport, 'listBlobs' | 'fetchBlob'>;
  /** Namespaces with blobs of the account, in the order in which they are walked through; it must not change. */
  readonly namespaces: readonly BlobNamespace[];
  sync(): Promise<SyncReport>;
}

/** `waiting`: a group could not be pushed, or the epoch announced is not made yet; to be run again later. */
export type ResealingOutcome = 'done' | 'waiting' | 'stopped';

/** Documents of one group: what is written meanwhile waits for no more than their push. */
const GROUP_DOCUMENTS = 200;
const LIST_BLOBS = 200;

export class Resealing {
  #isStopped = false;
  /** Announced by this object, and perhaps not made yet. */
  #announced = 0;
  #run: Promise<ResealingOutcome> | null = null;

  constructor(private readonly parts: ResealingParts) {}

  /** Null when everything is sealed under the newest root that this device made. */
  progress(): ResealingProgress | null {
    const { meta, documents } = this.parts.store;
    const epoch = meta.loadNumber('resealEpoch');
    if (epoch === 0) return null;
    const row = meta.load('resealRow');
    const { through, total } = documents.countThrough(row === null ? Number.MAX_SAFE_INTEGER : Number(row));
    return { epoch, phase: row === null ? 'blobs' : 'documents', done: through, total };
  }

  /** To be called before the vault gets the new epoch: a crash in between is noticed by `resume`. */
  announce(epoch: number): void {
    const { store } = this.parts;
    this.#announced = epoch;
    store.commit(() => {
      store.meta.save('resealEpoch', epoch);
      store.meta.save('resealRow', 0);
      store.meta.delete('resealBlob');
    }, { durable: true });
  }

  /** The epoch announced was not made after all. */
  withdraw(): void {
    if (this.parts.store.meta.loadNumber('resealEpoch') > this.parts.store.keys.currentEpoch) this.#finish();
  }

  /** Does what is left. One run at a time; a second call gets the one under way. `store.keys` must know the newest vault. @throws {StoreError} */
  resume(): Promise<ResealingOutcome> {
    this.#run ??= this.#reseal().finally(() => { this.#run = null; });
    return this.#run;
  }

  /** Settles when the step under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#run?.catch(() => undefined);
  }

  async #reseal(): Promise<ResealingOutcome> {
    const { meta, keys } = this.parts.store;
    if (this.#announced > keys.currentEpoch) return 'waiting';
    this.withdraw();   // announced before a crash, and never made
    while (meta.load('resealRow') !== null && meta.loadNumber('resealEpoch') > 0) {
      if (this.#isStopped) return 'stopped';
      if (!(await this.#resealGroup())) return 'waiting';
    }
    if (meta.loadNumber('resealEpoch') === 0) return 'done';
    return this.#resealBlobs();
  }

  /** False when the group could not be pushed: it stays marked, and is pushed by any later sync. */
  async #resealGroup(): Promise<boolean> {
    const { store, sync } = this.parts;
    store.commit(() => {
      const next = store.documents.markForResealing(store.meta.loadNumber('resealRow'), GROUP_DOCUMENTS);
      if (next === null) store.meta.delete('resealRow');
      else store.meta.save('resealRow', next);
    });
    return (await sync()).failure === null;
  }

  async #resealBlobs(): Promise<ResealingOutcome> {
    const { meta } = this.parts.store;
    const [resumed, after] = String(meta.load('resealBlob') ?? '').split('/') as [string, BlobId?];
    const { namespaces } = this.parts;
    for (const namespace of namespaces.slice(Math.max(0, namespaces.indexOf(resumed as BlobNamespace)))) {
      const outcome = await this.#resealNamespace(namespace, namespace === resumed ? after : undefined);
      if (outcome !== 'done') return outcome;
    }
    this.#finish(() => this.parts.store.meta.save('retireEpoch', this.parts.store.meta.loadNumber('resealEpoch')));
    return 'done';
  }

  async #resealNamespace(namespace: BlobNamespace, resumedAfter: BlobId | undefined): Promise<ResealingOutcome> {
    const { transport, store } = this.parts;
    let after = resumedAfter;
    for (let more = true; more;) {
      const page = await transport.listBlobs(namespace, { limit: LIST_BLOBS, ...(after && { after }) });
      for (const { blobId } of page.blobs) {
        if (this.#isStopped) return 'stopped';
        await resealBlob(namespace, blobId, this.parts);
        store.meta.save('resealBlob', `${namespace}/${blobId}`);
        after = blobId;
      }
      more = page.more && page.blobs.length > 0;
    }
    return 'done';
  }

  /** `then` in the same transaction. */
  #finish(then: () => void = () => {}): void {
    const { store } = this.parts;
    store.commit(() => {
      then();
      for (const name of ['resealEpoch', 'resealRow', 'resealBlob'] as const) store.meta.delete(name);
    }, { durable: true });
  }
}
