/**
 * `unauthorized`: the token is not (or no longer) good. `network`: the daemon did not answer. `method`: one call was
 * refused, with the type of RFC 8620 §3.6.2 in `detail`. `set`: one record was refused (RFC 8620 §5.3). `protocol`: an
 * answer that we cannot read.
 */
export type JmapErrorCode = 'unauthorized' | 'network' | 'method' | 'set' | 'protocol' | 'tooLarge';

export class JmapError extends Error {
  override readonly name = 'JmapError';
  constructor(readonly code: JmapErrorCode, readonly detail: string, options?: ErrorOptions) {
    super(`jmap: ${code}: ${detail}`, options);
  }
}
