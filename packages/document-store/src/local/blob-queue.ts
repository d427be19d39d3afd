// Blobs that are wanted and not here. What a reader waits for goes first, then what is pinned, then what is fetched ahead, the
// newest first. A blob that is wanted twice is in the queue once, under the more urgent of the two.

import type { BlobKey } from './blob-table.js';

/** The lower, the sooner. */
export const URGENCY = { read: 0, pin: 1, ahead: 2 } as const;
export type Urgency = (typeof URGENCY)[keyof typeof URGENCY];

/** To fetch ahead is a convenience: when twice as many are wanted, the least new are forgotten. */
const MAX_WANTED_AHEAD = 10_000;

export class WantedBlob {
  /** Readers that wait. */
  readers = 0;
  /** What it is wanted for besides; null: for its readers alone. */
  ahead: Exclude<Urgency, typeof URGENCY.read> | null = null;
  /** Among those fetched ahead: the higher, the sooner. */
  newness = 0;
  isUnderWay = false;
  /** Its download can be given up without harm to another blob. */
  isAlone = false;
  /** Sealed octets received so far. */
  receivedBytes = 0;
  readonly settled = Promise.withResolvers<Uint8Array>();
  readonly givenUp = new AbortController();

  /** `expectedBytes`: how large it is, as far as is known. */
  constructor(readonly key: BlobKey, public expectedBytes: number) {
    this.settled.promise.catch(() => undefined);   // there may be no reader to hear of it
  }

  get urgency(): Urgency {
    return this.readers > 0 ? URGENCY.read : (this.ahead ?? URGENCY.read);
  }

  /** Among the equally urgent. */
  get rank(): number {
    return this.urgency === URGENCY.ahead ? this.newness : 0;
  }
}

export interface BatchBounds {
  /** Into so many parts what waits is divided. */
  shares: number;
  /** Most blobs of one batch. */
  blobs: number;
  /** A blob known to be larger than this goes alone. */
  blobBytes: number;
  /** What is less urgent stays where it is. */
  urgency: Urgency;
}

export class BlobQueue {
  readonly #wanted = new Map<string, WantedBlob>();

  get size(): number {
    return this.#wanted.size;
  }

  countUnderWay(): number {
    return [...this.#wanted.values()].filter(({ isUnderWay }) => isUnderWay).length;
  }

  /** Of what is in the queue: received, and expected as far as is known. */
  octets(): { receivedBytes: number; expectedBytes: number } {
    const sum = { receivedBytes: 0, expectedBytes: 0 };
    for (const { receivedBytes, expectedBytes } of this.#wanted.values()) {
      sum.receivedBytes += receivedBytes;
      sum.expectedBytes += expectedBytes;
    }
    return sum;
  }

  find(key: BlobKey): WantedBlob | undefined {
    return this.#wanted.get(nameOf(key));
  }

  /** At the end, behind those that wait as urgently; a blob that is there moves there. */
  add(blob: WantedBlob): void {
    this.remove(blob);
    this.#wanted.set(nameOf(blob.key), blob);
    if (this.#wanted.size > 2 * MAX_WANTED_AHEAD) this.#forgetLeastNew();
  }

  remove(blob: WantedBlob): void {
    if (this.find(blob.key) === blob) this.#wanted.delete(nameOf(blob.key));
  }

  /** An even share of what is most urgent in the namespace whose turn it is; empty when nothing waits. From now on it is under way. */
  take({ shares, blobs, blobBytes, urgency }: BatchBounds): WantedBlob[] {
    const waiting = this.#waiting().filter((blob) => blob.urgency <= urgency);
    const [first] = waiting;
    if (!first) return [];
    const alike = waiting.filter(({ key, urgency: other, expectedBytes }) => key.namespace === first.key.namespace && other === first.urgency && expectedBytes <= blobBytes);
    const batch = first.expectedBytes > blobBytes ? [first] : alike.slice(0, Math.min(blobs, Math.ceil(alike.length / shares)));
    for (const blob of batch) blob.isUnderWay = true;
    return batch;
  }

  /** Gives up what nobody asked for yet. */
  forgetAhead(): void {
    for (const blob of this.#waiting()) if (blob.urgency === URGENCY.ahead) this.remove(blob);
  }

  /** In the order in which they are to go; readers in the order in which they came. */
  #waiting(): WantedBlob[] {
    return [...this.#wanted.values()].filter(({ isUnderWay }) => !isUnderWay).sort((left, right) => left.urgency - right.urgency || right.rank - left.rank);
  }

  #forgetLeastNew(): void {
    const ahead = this.#waiting().filter(({ urgency }) => urgency === URGENCY.ahead);
    for (const blob of ahead.slice(MAX_WANTED_AHEAD)) this.remove(blob);
  }
}

function nameOf({ namespace, blobId }: BlobKey): string {
  return `${namespace}/${blobId}`;
}
