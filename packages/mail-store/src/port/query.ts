import type { EmailId, MailboxId, ThreadId } from '@paloma/shared-model';

/** RFC 8621 §4.4.1, plus what IMAP SEARCH needs. Text matches are case-insensitive substrings of the decoded text. */
export type EmailFilter =
  | { operator: 'AND' | 'OR' | 'NOT'; conditions: readonly EmailFilter[] }
  | EmailCondition;

export interface EmailCondition {
  inMailbox?: MailboxId;
  inMailboxOtherThan?: readonly MailboxId[];
  /** receivedAt strictly before / at or after. */
  before?: number;
  after?: number;
  /** Date header field without its time zone, as if it were UTC (IMAP SENTBEFORE, SENTSINCE). */
  sentBefore?: number;
  sentAfter?: number;
  minSizeBytes?: number;
  maxSizeBytes?: number;
  hasKeyword?: string;
  notKeyword?: string;
  allInThreadHaveKeyword?: string;
  someInThreadHaveKeyword?: string;
  noneInThreadHaveKeyword?: string;
  hasAttachment?: boolean;
  /** From, To, Cc, Bcc, Sender, Reply-To, Subject, attachment names, or body. */
  text?: string;
  from?: string;
  to?: string;
  cc?: string;
  bcc?: string;
  subject?: string;
  body?: string;
  /** Field name, and optionally a substring of its value. */
  header?: readonly [name: string] | readonly [name: string, value: string];
  emailIds?: readonly EmailId[];
  threadId?: ThreadId;
}

export interface EmailSort {
  property: 'receivedAt' | 'sentAt' | 'size' | 'from' | 'to' | 'cc' | 'subject' | 'hasKeyword' | 'allInThreadHaveKeyword' | 'someInThreadHaveKeyword';
  isAscending: boolean;
  keyword?: string;
}

export interface QueryWindow {
  /** Zero-based; negative counts from the end (RFC 8620 §5.5). Ignored when `anchor` is given. */
  position: number;
  anchor?: { emailId: EmailId; offset: number };
  limit: number | null;
  collapseThreads: boolean;
  calculateTotal: boolean;
}

export interface QueryResult {
  emailIds: EmailId[];
  /** Position of the first id in the whole result. */
  position: number;
  total: number | null;
  queryState: string;
  /** False when `anchor` was given and not found. */
  anchorFound: boolean;
}
