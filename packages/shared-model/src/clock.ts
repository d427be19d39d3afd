/** Time, injected so that tests move it by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** Random octets, injected so that tests are repeatable. Production code passes a cryptographic source. */
export interface RandomSource {
  bytes(count: number): Uint8Array;
}
