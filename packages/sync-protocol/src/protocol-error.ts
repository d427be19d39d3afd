export type ProtocolErrorCode = 'truncated' | 'badDigest' | 'badCount' | 'malformed' | 'tooLarge' | 'unsupportedVersion';

/** What the other end sent breaks the protocol. Messages name sizes and places, never content. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  constructor(readonly code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(`sync-protocol: ${message}`, options);
  }
}
