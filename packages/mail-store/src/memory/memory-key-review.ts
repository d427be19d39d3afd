// Keys of correspondents in memory, for tests of the servers: fingerprints without certificates.

import type { Clock } from '@paloma/shared-model';
import type { KeyDecision, KeyReview, KeysOfAddress, ReviewedKey } from '../port/index.js';

export interface MemoryKeyReviewOptions {
  clock: Clock;
  /** By address, the known key first. */
  keys?: Iterable<readonly [string, readonly ReviewedKey[]]>;
}

export interface MemoryKeyReview extends KeyReview {
  /** As when another device or a new certificate changed what is known. */
  set(address: string, keys: readonly ReviewedKey[]): void;
}

export function createMemoryKeyReview(options: MemoryKeyReviewOptions): MemoryKeyReview {
  return new KeysInMemory(options);
}

class KeysInMemory implements MemoryKeyReview {
  readonly #keys = new Map<string, readonly ReviewedKey[]>();
  readonly #listeners = new Set<() => void>();
  #changes = 0;

  constructor(private readonly options: MemoryKeyReviewOptions) {
    for (const [address, keys] of options.keys ?? []) this.#keys.set(canonical(address), keys);
  }

  async keysOf(addresses: readonly string[]): Promise<KeysOfAddress[]> {
    return addresses.map((address) => ({ address, keys: this.#keys.get(canonical(address)) ?? [] }));
  }

  async decide(address: string, { decision, fingerprint }: KeyDecision): Promise<boolean> {
    const keys = this.#keys.get(canonical(address)) ?? [];
    const named = keys.find((key) => key.fingerprint === fingerprint);
    const decided = named && this.#decided(named, decision, keys.length > 1);
    if (decided) this.set(address, [decided]);
    return decided !== undefined;
  }

  async state(): Promise<string> {
    return String(this.#changes);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  set(address: string, keys: readonly ReviewedKey[]): void {
    this.#keys.set(canonical(address), keys);
    this.#changes += 1;
    for (const listener of this.#listeners) listener();
  }

  #decided(key: ReviewedKey, decision: KeyDecision['decision'], isContested: boolean): ReviewedKey | undefined {
    const isKnown = key.state === 'known';
    const held: ReviewedKey = isKnown ? key : { ...key, state: 'known', source: 'import', firstSeenAtMs: this.options.clock.nowMs() };
    if (decision === 'verify') return { ...held, level: 'fingerprint' };
    if (decision === 'keepKnown') return isKnown && isContested ? held : undefined;
    return isKnown ? undefined : { ...held, level: 'knownKey' };
  }
}

function canonical(address: string): string {
  return address.toLowerCase();
}
