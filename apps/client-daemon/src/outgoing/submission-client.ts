// How a protected message leaves this machine: a port, so that the outbox does not know SMTP. Its contract is
// submission-client.contract.ts.

import type { DeliveryStatusRequest } from '@paloma/shared-model';

export interface OutgoingTransmission {
  octets: Uint8Array;
  reversePath: string;
  forwardPaths: readonly string[];
  /** What the sender wants to be told about them; null: nothing special. */
  notifications: DeliveryStatusRequest | null;
  /** Asked once, in the same turn in which the first octets of the message leave. `false` calls the transmission off. */
  claim: () => boolean;
  /** Breaks the attempt off; what was not answered by then has to wait. */
  signal: AbortSignal;
}

/** What became of one transmission. A recipient in none of the lists was not decided: ask again later. */
export interface TransmissionResult {
  accepted: readonly string[];
  /** Refused for good, with the SMTP reply that said so (RFC 5321 §4.2). */
  refused: readonly { forwardPath: string; reply: string }[];
  /** Why the others have to wait; `null` when there are none. */
  waitReason: string | null;
}

export const NOTHING_SENT: TransmissionResult = { accepted: [], refused: [], waitReason: null };

export interface SubmissionClient {
  /** Hands exact octets to the provider. Never throws: an outage is a `waitReason`. */
  send(transmission: OutgoingTransmission): Promise<TransmissionResult>;
}
