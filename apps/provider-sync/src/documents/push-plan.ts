// Decides a whole push before anything is written: which documents are stored under which generation, and what each item is
// told. A document may come twice in one push; then the second is judged against the first.

import type { Generation, OpaqueDocumentId, Revision } from '@paloma/shared-model';
import type { PushItem, PushOutcome } from '@paloma/sync-protocol';
import { putIfNewer, type HeldDocument } from './put-if-newer.js';

export interface PlannedDocument {
  item: PushItem;
  generation: Generation;
}

export interface PushPlan {
  outcomes: PushOutcome[];
  /** Last state of each document to be stored. */
  stored: PlannedDocument[];
  /** Generation of the account afterwards. */
  generation: Generation;
  /** Sealed octets more (or less) than before. */
  addedBytes: number;
}

export function planPush(items: readonly PushItem[], held: ReadonlyMap<OpaqueDocumentId, HeldDocument>, head: Generation): PushPlan {
  const now = new Map(held);
  const stored = new Map<OpaqueDocumentId, PlannedDocument>();
  const plan = { outcomes: [] as PushOutcome[], generation: head, addedBytes: 0 };
  for (const item of items) {
    const before = now.get(item.id);
    const outcome = putIfNewer(before, item);
    if (outcome === 'inserted') {
      plan.generation = (plan.generation + 1) as Generation;
      plan.addedBytes += item.sealed.length - (before?.sealedBytes ?? 0);
      now.set(item.id, { revision: item.revision as Revision, epoch: item.epoch, generation: plan.generation, sealedBytes: item.sealed.length });
      stored.set(item.id, { item, generation: plan.generation });
    }
    plan.outcomes.push({ id: item.id, outcome, generation: now.get(item.id)!.generation });
  }
  return { ...plan, stored: [...stored.values()] };
}
