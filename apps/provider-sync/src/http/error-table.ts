// What a client is told, by what went wrong. If you add a code anywhere, the compiler sends you here.

import { ModelError, WIRE_ERRORS, type WireErrorCode } from '@paloma/shared-model';
import { ProtocolError, type ProtocolErrorCode } from '@paloma/sync-protocol';
import { CryptoError, type CryptoErrorCode } from '@paloma/crypto/public';
import { HttpException } from '@nestjs/common';
import { isDatabaseOutage } from '@paloma/provider-runtime';
import { WireError } from '../wire-error.js';

const WIRE_CODE_BY_PROTOCOL_ERROR = {
  truncated: 'badRequest',
  badDigest: 'badRequest',
  badCount: 'badRequest',
  malformed: 'badRequest',
  tooLarge: 'tooLarge',
  unsupportedVersion: 'unsupportedVersion',
} satisfies Record<ProtocolErrorCode, WireErrorCode>;

const WIRE_CODE_BY_CRYPTO_ERROR = {
  tooBig: 'tooLarge',
  malformed: 'badRequest',
  unsupported: 'badRequest',
  internal: 'internal',
} satisfies Record<CryptoErrorCode, WireErrorCode>;

/** Nest's own answers: no such route, a path that is not percent-encoded well. */
const WIRE_CODE_BY_HTTP_STATUS: Partial<Record<number, WireErrorCode>> = { 400: 'badRequest', 404: 'notFound', 503: 'unavailable' };

/** "internal" stands for a bug: something nobody foresaw. */
export function wireCodeOf(error: unknown): WireErrorCode {
  if (error instanceof WireError) return error.code;
  if (error instanceof ProtocolError) return WIRE_CODE_BY_PROTOCOL_ERROR[error.code];
  if (error instanceof CryptoError) return WIRE_CODE_BY_CRYPTO_ERROR[error.code];
  if (error instanceof ModelError) return 'badRequest';
  if (error instanceof HttpException) return WIRE_CODE_BY_HTTP_STATUS[error.getStatus()] ?? 'internal';
  return isDatabaseOutage(error) ? 'unavailable' : 'internal';
}

export function statusOf(code: WireErrorCode): number {
  return WIRE_ERRORS[code][0];
}
