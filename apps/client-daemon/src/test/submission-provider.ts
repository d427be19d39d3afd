// The provider's submission port as tests play it: what it answers, and what it took.

import type { DeliveryStatusRequest } from '@paloma/shared-model';

export interface TakenMessage {
  octets: Buffer;
  reversePath: string;
  forwardPaths: string[];
  notifications: DeliveryStatusRequest | null;
}

export class SubmissionProvider {
  readonly taken: TakenMessage[] = [];
  isReachable = true;
  /** Each gives a reply (`550 5.1.1 no such mailbox`) in place of the good one. */
  loginReply: () => string | null = () => null;
  recipientReply: (forwardPath: string) => string | null = () => null;
  messageReply: () => string | null = () => null;
  /** Largest message it says it takes. */
  readonly maxMessageBytes = 64 * 1024;
  /** The connection breaks after the message was taken and before that is said. */
  losesAnswer = false;
}
