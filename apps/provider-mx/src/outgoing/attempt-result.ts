/** Why a recipient did not get the message, for the log of attempts and the notice that goes back. */
export interface DeliveryFailure {
  /** Enhanced status code, RFC 3463. */
  status: string;
  /** Reply of the other side on one line; null when there was none. */
  diagnostic: string | null;
  remoteMta: string | null;
}

/** How an attempt went for one recipient. "deferred" is tried again. */
export type AttemptResult =
  /** Final when it is in the recipient's own box. */
  | { kind: 'delivered'; isFinal: boolean }
  | { kind: 'deferred'; failure: DeliveryFailure }
  | { kind: 'failed'; failure: DeliveryFailure };

/** A failure that nobody outside answered. */
export function silentFailure(status: string): DeliveryFailure {
  return { status, diagnostic: null, remoteMta: null };
}
