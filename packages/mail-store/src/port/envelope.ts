import type { ImapEnvelope } from '@paloma/mail-format';

/** What the header of a message says to whoever lists, sorts or threads a whole mailbox: cheap, where `getEmails` reads documents. */
export interface EmailEnvelope {
  uid: number;
  /** RFC 9051 §7.5.2. */
  envelope: ImapEnvelope;
  /** Message ids of the References field, in order. */
  references: readonly string[];
}
