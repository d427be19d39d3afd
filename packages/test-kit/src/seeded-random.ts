import { createHash } from 'node:crypto';
import type { RandomSource } from '@paloma/shared-model';

/** Repeatable octets: SHA-256 of seed and counter. For tests alone. */
export function seededRandom(seed: number | string): RandomSource {
  let counter = 0;
  const block = (): Buffer => createHash('sha256').update(`${seed}:${counter++}`).digest();
  return {
    bytes(count) {
      const blocks: Buffer[] = [];
      while (blocks.length * 32 < count) blocks.push(block());
      return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
    },
  };
}
