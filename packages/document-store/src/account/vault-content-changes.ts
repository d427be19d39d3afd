// What a change of the storage roots makes of the vault's content, and which content may come after which: a provider that gives
// an older vault, or one of another past, must not make a device forget a root. Each change counts the serial on.

import type { RandomSource } from '@paloma/shared-model';
import { StorageKeys, type VaultContent } from '@paloma/crypto/secret';
import { areSameOctets } from '../local/document-content.js';

const ROOT_OCTETS = 32;

/** With a random root for the epoch after the last. */
export function withNextRoot({ roots, serial, ...content }: VaultContent, random: RandomSource): VaultContent {
  return { ...content, roots: new Map([...roots, [Math.max(...roots.keys()) + 1, random.bytes(ROOT_OCTETS)]]), serial: serial + 1 };
}

/** Without the roots of epochs before this one, but with the names that derive from the first; null when there are none, or no others. */
export function withoutRootsBefore({ roots, names, serial }: VaultContent, epoch: number): VaultContent | null {
  const kept = new Map([...roots].filter(([each]) => each >= epoch));
  if (kept.size === 0 || kept.size === roots.size) return null;
  return { roots: kept, names: names ?? new StorageKeys(roots).names, serial: serial + 1 };
}

/** Whether this content may come after one that was seen: every root is there and the same, but for the oldest ones, which may be retired. */
export function mayFollow({ roots, serial }: VaultContent, seen: VaultContent): boolean {
  const lowest = Math.min(...roots.keys());
  const isKept = ([epoch, root]: [number, Uint8Array]): boolean => (epoch < lowest ? serial > seen.serial : areSameOctets(roots.get(epoch) ?? null, root));
  return serial >= seen.serial && [...seen.roots].every(isKept);
}
