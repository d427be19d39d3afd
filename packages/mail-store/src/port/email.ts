import type { EmailId, MailboxId, MessageId, MessagePart, SecurityFacts, ThreadId } from '@paloma/shared-model';

/** All that is known of an email without its bodies. */
export interface EmailRecord {
  emailId: EmailId;
  messageId: MessageId;
  threadId: ThreadId;
  mailboxIds: readonly MailboxId[];
  /** JMAP spelling (`$seen`), without `\Deleted`. */
  keywords: readonly string[];
  receivedAtMs: number;
  sizeBytes: number;
  /** Raw header block of the message, with its empty line. */
  headerBlock: Uint8Array;
  rootPart: MessagePart;
  preview: string;
  hasAttachment: boolean;
  security: SecurityFacts;
  modSeq: number;
}

export interface AppendInput {
  octets: Uint8Array;
  mailboxIds: readonly MailboxId[];
  keywords?: readonly string[];
  /** Marked `\Deleted` in its mailboxes from the start. */
  isDeleted?: boolean;
  /** INTERNALDATE; now when absent. */
  receivedAtMs?: number;
  security?: SecurityFacts;
  /**
   * Makes the append idempotent: the email and message ids derive from this text, so the same source filed twice, or on
   * two devices at once, is one email. An email destroyed since then is not brought back ("alreadyDestroyed").
   */
  source?: { sourceId: string; /** Octets before decryption, kept beside the message. */ asReceived: Uint8Array | null };
}

export interface AppendedEmail { emailId: EmailId; uids: ReadonlyMap<MailboxId, number>; isNew: boolean }
export type AppendRefusal = 'mailboxNotFound' | 'tooLarge' | 'alreadyDestroyed';

export type AppendOutcome = ({ ok: true } & AppendedEmail) | { ok: false; refusal: AppendRefusal };

/** A new email of a message that is here already, in the mailbox that was named. */
export interface CopiedEmail { emailId: EmailId; uid: number }

/** An email that leaves one of its mailboxes when others are filed (REPLACE, RFC 8508). Leaving the last one destroys it. */
export interface ReplacedEmail { emailId: EmailId; mailboxId: MailboxId }

/** "replacedNotFound": no such email in that mailbox. */
export type AppendAllOutcome =
  | { ok: true; /** In the order of the list. */ appended: AppendedEmail[] }
  | { ok: false; refusal: AppendRefusal | 'replacedNotFound' };

/** Changes of one email; absent members leave things as they are. */
export interface EmailUpdate {
  emailId: EmailId;
  /** As a view gave it with the id. For who has it: a batch is found in a fraction of the time. */
  emailKey?: number;
  addKeywords?: readonly string[];
  removeKeywords?: readonly string[];
  /** Replaces all keywords. Not together with add or remove. */
  setKeywords?: readonly string[];
  addMailboxIds?: readonly MailboxId[];
  /** Leaving the last mailbox destroys the email. */
  removeMailboxIds?: readonly MailboxId[];
  /** IMAP `\Deleted` in one mailbox. */
  setDeleted?: { mailboxId: MailboxId; isDeleted: boolean };
  /** CONDSTORE UNCHANGEDSINCE (RFC 7162 §3.1.3): refused with "modified" when the email changed after this modseq. */
  ifUnchangedSince?: number;
}

export type EmailUpdateOutcome =
  | { ok: true; emailId: EmailId; modSeq: number; /** UIDs in the mailboxes of `addMailboxIds`, new or had before. */ addedUids: ReadonlyMap<MailboxId, number> }
  | { ok: false; emailId: EmailId; refusal: 'notFound' | 'mailboxNotFound' | 'modified' | 'tooManyKeywords' };
