export type CryptoErrorCode = 'tooBig' | 'malformed' | 'unsupported' | 'internal';

/**
 * What a caller could have known before the call: input over a limit, octets of our own that are broken, a form that
 * this version does not write. A failure to open, decrypt or verify foreign octets is a value instead, without a reason.
 */
export class CryptoError extends Error {
  override readonly name = 'CryptoError';
  constructor(readonly code: CryptoErrorCode, message: string, options?: ErrorOptions) {
    super(`crypto: ${message}`, options);
  }
}
