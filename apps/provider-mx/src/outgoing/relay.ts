import type { AttemptResult } from './attempt-result.js';
import type { NotificationRequest } from './notification-request.js';
import type { MailHost } from './route.js';

export interface RelayedMessage {
  reversePath: string;
  forwardPaths: readonly string[];
  octets: Uint8Array;
  /** What the sender wants to be told, for hosts that know how (RFC 3461 §5.2.1). Absent: nothing special. */
  notifications?: NotificationRequest | undefined;
}

/** Hands messages to other hosts, as a port: signing, MTA-STS and DANE will be decided around it. */
export interface Relay {
  /** Tries the hosts in order until one of them answers for the message. A result for each forward path, in their order. */
  send(hosts: readonly MailHost[], message: RelayedMessage): Promise<AttemptResult[]>;
}
