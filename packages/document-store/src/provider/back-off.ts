import type { RandomSource } from '@paloma/shared-model';

/** docs/protocol/sync.md §7: 1 s doubling to 60 s. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Delays between attempts, doubling, each drawn evenly from zero to its bound, so that devices do not come back in step. */
export class BackOff {
  #attempts = 0;

  constructor(private readonly random: RandomSource) {}

  /** The next delay in milliseconds, never less than what the provider asked for. */
  next(retryAfterMs: number | null = null): number {
    const boundMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.#attempts++, 16));
    return Math.max(Math.round(this.#fraction() * boundMs), retryAfterMs ?? 0);
  }

  reset(): void {
    this.#attempts = 0;
  }

  #fraction(): number {
    const octets = this.random.bytes(4);
    return new DataView(octets.buffer, octets.byteOffset).getUint32(0) / 2 ** 32;
  }
}
