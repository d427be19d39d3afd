import { expect, test } from '@jest/globals';
import type { SyncStatus } from '@paloma/shared-model';
import type { SyncStatusSource } from '@paloma/mail-store/port';
import { subscribeToReturn } from './provider-return.js';

type Phase = SyncStatus['phase'];

/** How often a return is told of, when the phases follow one another. */
function returnsIn([first, ...others]: readonly [Phase, ...Phase[]]): number {
  const statusIn = (phase: Phase): SyncStatus => ({ phase, pendingUp: 0, pendingDown: 0, lastSyncAtMs: null, error: null, alarm: null });
  const told: (() => void)[] = [];
  const status: SyncStatusSource = {
    current: () => statusIn(first),
    subscribe: (listener) => { told.push(...others.map((phase) => () => listener(statusIn(phase)))); return () => {}; },
  };
  let returns = 0;
  subscribeToReturn(status, () => { returns += 1; });
  for (const tell of told) tell();
  return returns;
}

test.each<[string, number, [Phase, ...Phase[]]]>([
  ['a sync that reaches the provider after one that did not', 1, ['idle', 'pulling', 'offline', 'pulling', 'pushing', 'idle']],
  ['one that finds something wrong there', 1, ['offline', 'pulling', 'alarm']],
  ['each return', 2, ['offline', 'pulling', 'idle', 'pulling', 'offline', 'pulling', 'idle', 'pulling', 'idle']],
])('tells of %s', (_what, times, phases) => expect(returnsIn(phases)).toBe(times));

test.each<[string, [Phase, ...Phase[]]]>([
  ['the provider was there all the time', ['idle', 'pulling', 'pushing', 'idle']],
  ['it stays away', ['offline', 'pulling', 'offline']],
  ['it is only being asked', ['offline', 'pulling', 'blobs', 'pushing']],
])('tells nothing when %s', (_why, phases) => expect(returnsIn(phases)).toBe(0));
