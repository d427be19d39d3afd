/** Method-level errors that this server answers with: RFC 8620 §3.6.2, §5.1–§5.6. */
export type MethodErrorType =
  | 'serverUnavailable'
  | 'serverFail'
  | 'unknownMethod'
  | 'invalidArguments'
  | 'invalidResultReference'
  | 'accountNotFound'
  | 'accountNotSupportedByMethod'
  | 'requestTooLarge'
  | 'stateMismatch'
  | 'cannotCalculateChanges'
  | 'anchorNotFound'
  | 'unsupportedSort'
  | 'unsupportedFilter';

/** Ends one method call; the other calls of the request go on. The description is for developers and quotes no mail. */
export class JmapError extends Error {
  override readonly name = 'JmapError';
  constructor(readonly code: MethodErrorType, readonly description?: string) {
    super(`jmap-server: ${code}${description === undefined ? '' : `: ${description}`}`);
  }
}
