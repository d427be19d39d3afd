// How a protected message leaves this machine: a port, so that the outbox does not know SMTP.

/** What became of one transmission. A recipient in none of the lists was not decided: ask again later. */
export interface TransmissionResult {
  accepted: readonly string[];
  /** Refused for good, with the answer that said so. */
  refused: readonly { forwardPath: string; reply: string }[];
  /** Why the others have to wait; `null` when there are none. */
  waitReason: string | null;
}

export interface SubmissionClient {
  /** Hands exact octets to the provider. Never throws: an outage is a `waitReason`. */
  send(transmission: { octets: Uint8Array; reversePath: string; forwardPaths: readonly string[] }): Promise<TransmissionResult>;
}
