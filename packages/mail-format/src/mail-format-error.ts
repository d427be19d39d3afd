export type MailFormatErrorCode = 'invalidAddress' | 'invalidFieldName' | 'invalidMediaType' | 'boundaryExhausted';

/** Parsing never throws: every octet string is a message. This is for values that cannot be written as one. */
export class MailFormatError extends Error {
  override readonly name = 'MailFormatError';
  constructor(readonly code: MailFormatErrorCode, message: string) {
    super(`mail-format: ${message}`);
  }
}
