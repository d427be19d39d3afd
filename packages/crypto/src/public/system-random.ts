import { randomBytes } from 'node:crypto';
import type { RandomSource } from '@paloma/shared-model';

/** The operating system's cryptographic random source. */
export const systemRandom: RandomSource = { bytes: (count) => new Uint8Array(randomBytes(count)) };
