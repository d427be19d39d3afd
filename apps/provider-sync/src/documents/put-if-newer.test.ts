import { expect, test } from '@jest/globals';
import type { Generation, OpaqueDocumentId, Revision } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import type { PushItem } from '@paloma/sync-protocol';
import { planPush } from './push-plan.js';
import { putIfNewer } from './put-if-newer.js';

const a = 'a'.repeat(22);
const b = 'b'.repeat(22);
const held = { revision: `${a}:2` as Revision, epoch: 2, generation: 5 as Generation, sealedBytes: 10 };

test.each([
  ['nothing is held', undefined, `${a}:1`, 1, 'inserted'],
  ['it descends from what is held', held, `${a}:3`, 2, 'inserted'],
  ['it descends, from another replica', held, `${a}:2|${b}:1`, 2, 'inserted'],
  ['it is older', held, `${a}:1`, 2, 'superseded'],
  ['neither descends from the other', held, `${a}:1|${b}:1`, 2, 'conflicted'],
  ['it is the same', held, `${a}:2`, 2, 'converged'],
  ['it is the same, re-sealed under a higher epoch', held, `${a}:2`, 3, 'inserted'],
  ['it is the same under a lower epoch', held, `${a}:2`, 1, 'converged'],
])('when %s', (_when, before, revision, epoch, outcome) => {
  expect(putIfNewer(before, { revision: revision as Revision, epoch })).toBe(outcome);
});

const anyRevision = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 3 })).map(([x, y]) => (y === 0 ? `${a}:${x}` : `${a}:${x}|${b}:${y}`));
const anyPush = fc.array(fc.record({ id: fc.constantFrom('x', 'y', 'z'), revision: anyRevision, epoch: fc.constantFrom(1, 2), sealed: fc.uint8Array({ maxLength: 5 }) })) as fc.Arbitrary<unknown> as fc.Arbitrary<PushItem[]>;

function heldAfter(plan: ReturnType<typeof planPush>) {
  return new Map(plan.stored.map(({ item, generation }) => [item.id, { revision: item.revision, epoch: item.epoch, generation, sealedBytes: item.sealed.length }]));
}

property('a push gives each stored state the next generation, and the same push again stores nothing', anyPush, (items) => {
  const first = planPush(items, new Map<OpaqueDocumentId, never>(), 7 as Generation);
  const inserted = first.outcomes.filter(({ outcome }) => outcome === 'inserted').map(({ generation }) => generation);
  expect(inserted).toEqual(inserted.map((_, index) => 8 + index));
  expect(first.generation).toBe(7 + inserted.length);
  expect(first.addedBytes).toBe(first.stored.reduce((sum, { item }) => sum + item.sealed.length, 0));
  const again = planPush(items, heldAfter(first), first.generation);
  expect(again).toMatchObject({ stored: [], generation: first.generation, addedBytes: 0 });
});
