export type KeyringErrorCode = 'noOwnKey' | 'damagedCertificate';

/** A state that an open account cannot be in. Everything that can happen to a correspondent's certificate is a value instead. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  constructor(readonly code: KeyringErrorCode, message: string) {
    super(`keyring: ${message}`);
  }
}
