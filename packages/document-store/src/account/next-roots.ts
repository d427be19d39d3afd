import type { RandomSource } from '@paloma/shared-model';

const ROOT_OCTETS = 32;

/** With a random root for the epoch after the last. */
export function nextRoots(roots: ReadonlyMap<number, Uint8Array>, random: RandomSource): Map<number, Uint8Array> {
  return new Map([...roots, [Math.max(...roots.keys()) + 1, random.bytes(ROOT_OCTETS)]]);
}
