import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@paloma/shared-model';
import { CLOCK } from '../injection-tokens.js';
import { WireError } from '../wire-error.js';

const WINDOW_MS = 60_000;
const QUERIES_PER_WINDOW = 120;
/** Peers remembered in one window; beyond, new ones are refused until it ends, so that a flood cannot fill the memory. */
const MAX_PEERS = 100_000;

/**
 * Bounds what one peer may ask in a minute, so that the directory is no list of who has an account here. In this process
 * alone and forgotten with the window: peers are kept nowhere.
 */
@Injectable()
export class QueryLimit {
  #windowStartedAtMs = 0;
  #queries = new Map<string, number>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** @throws {WireError} "rateLimited" */
  count(peer: string): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.#windowStartedAtMs >= WINDOW_MS) [this.#windowStartedAtMs, this.#queries] = [nowMs, new Map()];
    const queries = (this.#queries.get(peer) ?? 0) + 1;
    const isFull = queries === 1 && this.#queries.size >= MAX_PEERS;
    if (isFull || queries > QUERIES_PER_WINDOW) {
      throw new WireError('rateLimited', 'too many queries', { retryAfterSeconds: Math.ceil((this.#windowStartedAtMs + WINDOW_MS - nowMs) / 1000) });
    }
    this.#queries.set(peer, queries);
  }
}
