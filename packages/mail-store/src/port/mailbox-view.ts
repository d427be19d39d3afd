import type { EmailId, MailboxId } from '@paloma/shared-model';

/** One message of a mailbox as IMAP sees it. UIDs are of this device, ascending, never used twice (RFC 9051 §2.3.1.1). */
export interface ViewEntry {
  uid: number;
  emailId: EmailId;
  /** Under which this device finds the email fastest (`EmailUpdate`); never that of another. */
  emailKey: number;
  /** Under which this device finds what it knows of the message; the same for all emails of a message, and for no other message. */
  messageKey: number;
  /** Keywords in JMAP spelling (`$seen`), without `\Deleted`. */
  keywords: readonly string[];
  isDeleted: boolean;
  /** RFC 7162 §3.1: the last change of this entry. */
  modSeq: number;
  sizeBytes: number;
  receivedAtMs: number;
  /** When it came into this mailbox (SAVEDATE, RFC 8514). */
  addedAtMs: number;
}

/** A snapshot; it never changes under the reader. */
export interface MailboxView {
  mailboxId: MailboxId;
  uidValidity: number;
  uidNext: number;
  highestModSeq: number;
  /** All that its emails have, and perhaps some that they had. */
  keywords: readonly string[];
  /** Ascending by UID. */
  entries: readonly ViewEntry[];
}

export interface MailboxViewChanges {
  highestModSeq: number;
  uidNext: number;
  /** New and changed entries, ascending by UID. */
  changed: readonly ViewEntry[];
  /** UIDs that left, ascending. */
  vanished: readonly number[];
}
