// What the account takes up at the provider, for mail programs that ask (RFC 9208).

import type { Clock } from '@paloma/shared-model';
import { StoreError, type SyncTransport } from '@paloma/document-store';
import type { StorageUsage } from '@paloma/mail-store/port';

/** Programs ask with every folder they open. */
const HOLDS_MS = 60_000;

export class ProviderStorage {
  #known: { usage: StorageUsage; atMs: number } | null = null;

  constructor(private readonly transport: Pick<SyncTransport, 'info'>, private readonly clock: Clock) {}

  /** As last heard; null when the provider has not been reached. */
  async usage(): Promise<StorageUsage | null> {
    if (!this.#known || this.clock.nowMs() - this.#known.atMs > HOLDS_MS) await this.#ask();
    return this.#known?.usage ?? null;
  }

  async #ask(): Promise<void> {
    try {
      const { usedBytes, limits } = await this.transport.info();
      this.#known = { usage: { usedBytes, limitBytes: limits.quotaBytes }, atMs: this.clock.nowMs() };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
