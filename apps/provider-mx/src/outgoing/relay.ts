import type { AttemptResult } from './attempt-result.js';
import type { MailHost } from './route.js';

export interface RelayedMessage {
  reversePath: string;
  forwardPaths: readonly string[];
  octets: Uint8Array;
}

/** Hands messages to other hosts, as a port: signing, MTA-STS and DANE will be decided around it. */
export interface Relay {
  /** Tries the hosts in order until one of them answers for the message. A result for each forward path, in their order. */
  send(hosts: readonly MailHost[], message: RelayedMessage): Promise<AttemptResult[]>;
}
