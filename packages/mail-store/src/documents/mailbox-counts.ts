// Totals of mailboxes (RFC 8621 §2), counted again only for mailboxes that changed.

import type { Sql } from '@paloma/document-store';
import type { Mailbox } from '../port/index.js';
import { TRASH_ID } from '../role-mailboxes.js';

export type MailboxCounts = Pick<Mailbox, 'totalEmails' | 'unreadEmails' | 'totalThreads' | 'unreadThreads' | 'sizeBytes'>;

export class MailboxCounter {
  readonly #known = new Map<string, { changedAt: number; counts: MailboxCounts }>();

  constructor(private readonly sql: Sql) {}

  /** `changedAt` of the mailbox moves with everything that can change its counts. */
  countsOf(mailboxId: string, changedAt: number): MailboxCounts {
    const known = this.#known.get(mailboxId);
    if (known?.changedAt === changedAt) return known.counts;
    const counts = count(this.sql, mailboxId);
    this.#known.set(mailboxId, { changedAt, counts });
    return counts;
  }
}

// RFC 8621 §2: an unread email anywhere makes its thread unread, but the trash and the rest of the account are apart.
function count(sql: Sql, mailboxId: string): MailboxCounts {
  const isOnThisSide = mailboxId === TRASH_ID ? '=' : '<>';
  return sql.get<MailboxCounts>(
    `SELECT coalesce(sum(emails), 0) AS totalEmails, coalesce(sum(unread), 0) AS unreadEmails, count(*) AS totalThreads, coalesce(sum(size_bytes), 0) AS sizeBytes,
       count(CASE WHEN EXISTS (SELECT 1 FROM mail_entry u WHERE u.thread_key = t.thread_key AND u.is_unread = 1 AND u.mailbox_id ${isOnThisSide} '${TRASH_ID}') THEN 1 END) AS unreadThreads
     FROM (SELECT thread_key, count(*) AS emails, sum(is_unread) AS unread, sum(size_bytes) AS size_bytes FROM mail_entry WHERE mailbox_id = ? GROUP BY thread_key) t`,
    mailboxId)!;
}
