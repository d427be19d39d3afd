/**
 * `syntax`: the peer broke the grammar. `tooLarge`: a bound was exceeded. `unknownEncoding`: a part cannot be decoded.
 * `connectionLost`: the peer is gone, stop working for it.
 */
export type ImapErrorCode = 'syntax' | 'tooLarge' | 'unknownEncoding' | 'connectionLost';

/** What a connection cannot answer as a value. Messages never quote what the peer sent: it may be a password. */
export class ImapError extends Error {
  override readonly name = 'ImapError';
  constructor(readonly code: ImapErrorCode, message: string, options?: ErrorOptions) {
    super(`imap-server: ${message}`, options);
  }
}
