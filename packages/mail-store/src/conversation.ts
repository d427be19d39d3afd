// What makes messages one thread, RFC 8621 §3: a message id in common, in any of Message-ID, In-Reply-To and References,
// and the same normalized subject. Each message claims a key for every message id it names; messages that claim the same
// key are in one thread, and a message that claims keys of two threads joins them (a missing parent that arrives late).
//
// Departs from RFC 8621 §3 where threads join: the emails keep their ids and get the other thread's id, for an email id
// is the same on all devices and in IMAP (RFC 8474); JMAP clients see the emails and both threads as changed.

import { createHash } from 'node:crypto';
import type { MessageId } from '@paloma/shared-model';

/** Message ids one message may claim; a References field of thousands would make as many rows. */
const MAX_CLAIMED_REFERENCES = 50;

export interface Conversation {
  /** Normalized and folded. */
  subject: string;
  /** Message ids without angle brackets, the message's own first. */
  references: readonly string[];
}

/** Keys a message claims: 22 base64url characters each. One that names no message id is a thread by itself. */
export function conversationKeys({ subject, references }: Conversation, messageId: MessageId): string[] {
  if (references.length === 0) return [digest(`message\n${messageId}`)];
  const claimed = [...new Set(references)].slice(0, MAX_CLAIMED_REFERENCES);
  return claimed.map((reference) => digest(`reference\n${subject}\n${reference}`));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
