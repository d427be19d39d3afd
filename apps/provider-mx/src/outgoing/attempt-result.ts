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
  /**
   * `notice`: of what the sender is to be told where he asks for it: that it is in the recipient's own box, or that it went to a host
   * that tells nothing (RFC 3461 §5.2.2). null: the next host has heard what he asks, and it is for that one to tell (§5.2.1).
   */
  | { kind: 'delivered'; notice: 'delivered' | 'relayed' | null }
  | { kind: 'deferred'; failure: DeliveryFailure }
  | { kind: 'failed'; failure: DeliveryFailure };

/** A failure that nobody outside answered. */
export function silentFailure(status: string): DeliveryFailure {
  return { status, diagnostic: null, remoteMta: null };
}
