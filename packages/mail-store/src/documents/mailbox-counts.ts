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

function count(sql: Sql, mailboxId: string): MailboxCounts {
  const totals = sql.get<Omit<MailboxCounts, 'unreadThreads'>>(
    `SELECT count(*) AS totalEmails, coalesce(sum(e.is_unread), 0) AS unreadEmails, count(DISTINCT e.thread_id) AS totalThreads,
       coalesce(sum(n.size_bytes), 0) AS sizeBytes
     FROM mail_entry n JOIN mail_email e ON e.email_id = n.email_id WHERE n.mailbox_id = ?`, mailboxId)!;
  return { ...totals, unreadThreads: countUnreadThreads(sql, mailboxId) };
}

// RFC 8621 §2: an unread email anywhere makes its thread unread, but the trash and the rest of the account are apart.
function countUnreadThreads(sql: Sql, mailboxId: string): number {
  const isAside = mailboxId === TRASH_ID ? '=' : '<>';
  return sql.get<{ count: number }>(
    `SELECT count(*) AS count FROM (
       SELECT thread_id FROM mail_email o
       WHERE o.is_unread = 1 AND o.thread_id IS NOT NULL AND EXISTS (SELECT 1 FROM mail_entry x WHERE x.email_id = o.email_id AND x.mailbox_id ${isAside} '${TRASH_ID}')
       INTERSECT SELECT e.thread_id FROM mail_entry n JOIN mail_email e ON e.email_id = n.email_id WHERE n.mailbox_id = ?)`, mailboxId)!.count;
}
