import type { Clock, RandomSource } from '@paloma/shared-model';
import type { JmapLimits } from '../limits.js';

export interface Upload {
  readonly octets: Uint8Array;
  readonly mediaType: string;
  readonly expiresAtMs: number;
}

/**
 * Uploads of one account, in memory until used or expired (RFC 8620 §6.1). When there is no room the oldest go first.
 * Never on disk: they are plaintext.
 */
export class UploadStore {
  readonly #uploads = new Map<string, Upload>();
  #sizeBytes = 0;

  constructor(private readonly settings: { limits: JmapLimits; clock: Clock; random: RandomSource }) {}

  /** Keeps the octets without a copy; the caller must not change them. Returns the upload's id. */
  put(octets: Uint8Array, mediaType: string): string {
    const { limits, clock, random } = this.settings;
    this.#makeRoomFor(octets.length);
    const uploadId = Buffer.from(random.bytes(16)).toString('base64url');
    this.#uploads.set(uploadId, { octets, mediaType, expiresAtMs: clock.nowMs() + limits.uploadLifetimeMs });
    this.#sizeBytes += octets.length;
    return uploadId;
  }

  get(uploadId: string): Upload | null {
    this.#dropExpired();
    return this.#uploads.get(uploadId) ?? null;
  }

  #makeRoomFor(sizeBytes: number): void {
    this.#dropExpired();
    for (const uploadId of this.#uploads.keys()) {
      if (this.#sizeBytes + sizeBytes <= this.settings.limits.maxUploadedBytes) return;
      this.#drop(uploadId);
    }
  }

  #dropExpired(): void {
    const nowMs = this.settings.clock.nowMs();
    for (const [uploadId, { expiresAtMs }] of this.#uploads) if (expiresAtMs <= nowMs) this.#drop(uploadId);
  }

  #drop(uploadId: string): void {
    this.#sizeBytes -= this.#uploads.get(uploadId)?.octets.length ?? 0;
    this.#uploads.delete(uploadId);
  }
}
