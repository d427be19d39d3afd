// Threads as RFC 5256 knows them: trees of messages. They may be as deep as a mailbox is long, so nothing here recurses.

/** What threading looks at. */
export interface ThreadMessage {
  /** Sequence number or UID, as the answer is to name it. */
  number: number;
  /** RFC 5256 §2.2. */
  sentAtMs: number;
  /** Null where there is none. */
  messageId: string | null;
  /** Ids of the messages before it, oldest first. */
  references: readonly string[];
  /** Folded, so that equal subjects are equal texts. */
  baseSubject: string;
  isReply: boolean;
}

export interface Thread {
  /** Null: a message that is not in the mailbox, which holds together those that answer it. Only at the top. */
  number: number | null;
  children: readonly Thread[];
}

/** Earlier first; of the same moment, as the mailbox has them. */
export function bySentDate(left: ThreadMessage, right: ThreadMessage): number {
  return left.sentAtMs - right.sentAtMs || left.number - right.number;
}
