export type MailStoreErrorCode = 'contentUnavailable' | 'storeClosed' | 'internal';

export class MailStoreError extends Error {
  override readonly name = 'MailStoreError';
  constructor(readonly code: MailStoreErrorCode, message: string, options?: ErrorOptions) {
    super(`mail-store: ${message}`, options);
  }
}
