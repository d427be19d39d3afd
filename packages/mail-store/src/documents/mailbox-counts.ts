// Totals of mailboxes (RFC 8621 §2), counted again only for mailboxes that changed.

import type { Sql } from '@paloma/document-store';
import type { Mailbox } from '../port/index.js';
import { TRASH_ID } from '../role-mailboxes.js';
import { counter, nextChange } from './change-sequence.js';

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

/**
 * Those in whose running transaction something happens that counts depend on; most marks are not of that kind. One that is rolled back
 * stays here, and the next transaction looks once in vain.
 */
const unsettled = new WeakSet<Sql>();

/** An email came, went, was read or changed its thread. Inside a transaction. */
export function noteCountsMayDiffer(sql: Sql): void {
  unsettled.add(sql);
}

/** At the end of the transaction: mailboxes whose counts may have changed are changed. */
export function settleCounts(sql: Sql): void {
  if (unsettled.delete(sql)) noteMailboxesOfChanges(sql);
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

// What changed in a mailbox, or in a thread of which it holds an email, may change its counts: unread threads of a mailbox
// count emails of the thread in other mailboxes too (RFC 8621 §2). A UNION is merged in order, for which SQLite would rather
// scan a whole index of the account than the few changes: hence each index by name.
function noteMailboxesOfChanges(sql: Sql): void {
  const settled = counter(sql, 'settled');
  const touched = sql.all<{ mailboxId: string }>(
    `WITH touched_thread AS (
       SELECT n.thread_key FROM mail_mailbox b CROSS JOIN mail_entry n INDEXED BY mail_entry_by_change ON n.mailbox_id = b.mailbox_id AND n.changed_at > ? UNION SELECT thread_key FROM mail_thread INDEXED BY mail_thread_by_change WHERE changed_at > ?)
     SELECT mailbox_id AS mailboxId FROM mail_mailbox WHERE mailbox_id IN (
       SELECT n.mailbox_id FROM touched_thread t CROSS JOIN mail_email e ON e.thread_key = t.thread_key CROSS JOIN mail_entry n ON n.email_key = e.email_key
       UNION SELECT mailbox_id FROM mail_vanished INDEXED BY mail_vanished_by_change WHERE changed_at > ?)`, settled, settled, settled);
  for (const { mailboxId } of touched) sql.run('UPDATE mail_mailbox SET changed_at = ? WHERE mailbox_id = ?', nextChange(sql), mailboxId);
}
