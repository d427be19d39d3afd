import type { WireErrorCode } from '@paloma/shared-model';

/** A request that is answered with a code of the protocol. Thrown deep, answered once by http/wire-error.filter.ts. */
export class WireError extends Error {
  override readonly name = 'WireError';
  constructor(readonly code: WireErrorCode, message: string, readonly details: { retryAfterSeconds?: number; entireBytes?: number } = {}) {
    super(`provider-sync: ${message}`);
  }
}
