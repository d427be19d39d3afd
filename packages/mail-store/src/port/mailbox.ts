import type { MailboxId, MailboxRole } from '@paloma/shared-model';

/** RFC 8621 §2. `name` is the full path, levels separated by `/`. */
export interface Mailbox {
  mailboxId: MailboxId;
  name: string;
  parentId: MailboxId | null;
  role: MailboxRole | null;
  isSubscribed: boolean;
  sortOrder: number;
  totalEmails: number;
  unreadEmails: number;
  totalThreads: number;
  unreadThreads: number;
  /** Octets of all messages in it (IMAP STATUS=SIZE, RFC 8438). */
  sizeBytes: number;
  uidValidity: number;
  uidNext: number;
  highestModSeq: number;
}

export interface MailboxInput {
  /** Full path; missing parents are made (RFC 9051 §6.3.4). */
  name: string;
  role?: MailboxRole | null;
  isSubscribed?: boolean;
  sortOrder?: number;
}

export type MailboxPatch = Partial<Pick<MailboxInput, 'name' | 'isSubscribed' | 'sortOrder'>>;

/** `isRoleMailbox`: the account needs it; one with the role `important` goes like any other. */
export type MailboxRefusal = 'alreadyExists' | 'roleIsTaken' | 'notFound' | 'invalidName' | 'mailboxHasEmail' | 'mailboxHasChild' | 'isRoleMailbox';
export type MailboxOutcome = { ok: true; mailboxId: MailboxId } | { ok: false; refusal: MailboxRefusal };
