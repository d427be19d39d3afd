// Correspondents' keys (docs/protocol/jmap.md, Key/get and Key/decide). Nothing is cached: they are looked at seldom, and a
// decision must be about what is true now. `version` moves when keys may have changed, here or elsewhere.

import type { JmapTransport } from './transport.js';
import type { KeyDecision, ReviewedKey } from './types.js';

export class Keys {
  /** Counts changes. */
  version = 0;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly transport: JmapTransport) {}

  /** The known one first. @throws {JmapError} */
  async load(address: string): Promise<readonly ReviewedKey[]> {
    const { list } = await this.transport.call<{ list: { keys: ReviewedKey[] }[] }>('Key/get', { addresses: [address] }).result;
    return list[0]?.keys ?? [];
  }

  /** False when the keys were not as they had been shown; nothing changed then. @throws {JmapError} */
  async decide(address: string, decision: KeyDecision, { fingerprint }: ReviewedKey): Promise<boolean> {
    const { isDecided } = await this.transport.call<{ isDecided: boolean }>('Key/decide', { address, decision, fingerprint }).result;
    this.noteChange();
    return isDecided;
  }

  noteChange(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };
}
