// States and changes of small collections that have no change log of their own (identities, submissions). A state is
// the digest of the whole collection; the last few collections are remembered as digests, so that /changes can answer.

import type { ChangeList } from '@paloma/mail-store/port';
import { contentDigest } from '../digest.js';
import type { JsonObject } from '../json.js';

export type IdentifiedRecord = JsonObject & { readonly id: string };
type Snapshot = ReadonlyMap<string, string>;

/** States a client may still ask changes from; older ones answer "cannotCalculateChanges". */
const REMEMBERED_STATES = 64;

export class RecordHistory {
  readonly #snapshots = new Map<string, Snapshot>();

  /** State of the collection as it is now; remembered. */
  stateOf(records: readonly IdentifiedRecord[]): string {
    const snapshot: Snapshot = new Map(records.map((record) => [record.id, contentDigest(record)]));
    const state = contentDigest([...snapshot].sort());
    this.#snapshots.delete(state);
    this.#snapshots.set(state, snapshot);
    if (this.#snapshots.size > REMEMBERED_STATES) this.#forgetOldest();
    return state;
  }

  /** What changed since a state; `null` when it is not remembered, or more changed than may be told at once. */
  changesSince(sinceState: string, records: readonly IdentifiedRecord[], maxChanges: number): ChangeList | null {
    const newState = this.stateOf(records);
    const [before, after] = [this.#snapshots.get(sinceState), this.#snapshots.get(newState)];
    if (!before || !after) return null;
    const created = [...after.keys()].filter((id) => !before.has(id));
    const updated = [...after].filter(([id, digest]) => before.has(id) && before.get(id) !== digest).map(([id]) => id);
    const destroyed = [...before.keys()].filter((id) => !after.has(id));
    if (created.length + updated.length + destroyed.length > maxChanges) return null;
    return { newState, hasMoreChanges: false, created, updated, destroyed };
  }

  #forgetOldest(): void {
    for (const oldest of this.#snapshots.keys()) {
      this.#snapshots.delete(oldest);
      return;
    }
  }
}
