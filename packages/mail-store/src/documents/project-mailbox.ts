// A mailbox as rows: its document, and the UIDs that this device gives in it.

import type { Sql } from '@paloma/document-store';
import type { MailboxDocument } from '@paloma/shared-model';
import { nextChange, noteDestroyed } from './change-sequence.js';
import { refreshEmail } from './project-email.js';

export function projectMailbox(sql: Sql, mailboxId: string, mailbox: MailboxDocument | null): void {
  const createdAt = sql.get<{ createdAt: number }>('SELECT created_at AS createdAt FROM mail_mailbox WHERE mailbox_id = ?', mailboxId)?.createdAt;
  if (!mailbox) return createdAt === undefined ? undefined : removeMailbox(sql, mailboxId, createdAt);
  saveMailbox(sql, mailboxId, mailbox, createdAt);
  if (createdAt === undefined) openMailbox(sql, mailboxId);
}

function saveMailbox(sql: Sql, mailboxId: string, mailbox: MailboxDocument, createdAt: number | undefined): void {
  const changedAt = nextChange(sql);
  sql.run(
    `INSERT OR REPLACE INTO mail_mailbox (mailbox_id, name, role, is_subscribed, sort_order, created_at_ms, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    mailboxId, mailbox.name, mailbox.role, Number(mailbox.isSubscribed), mailbox.sortOrder, mailbox.createdAtMs, createdAt ?? changedAt, changedAt);
}

// RFC 9051 §2.3.1.1: UIDVALIDITY is a non-zero number of 32 bits; random, so that a new store never repeats an old one's.
function openMailbox(sql: Sql, mailboxId: string): void {
  sql.run('INSERT OR IGNORE INTO mail_uid_space (mailbox_id, uid_validity, uid_next) VALUES (?, (random() & 4294967295) % 4294967295 + 1, 1)', mailboxId);
  const stray = sql.all<{ emailKey: number }>('SELECT email_key AS emailKey FROM mail_email WHERE has_stray_membership = 1');
  for (const { emailKey } of stray) refreshEmail(sql, emailKey);
}

function removeMailbox(sql: Sql, mailboxId: string, createdAt: number): void {
  sql.run('DELETE FROM mail_mailbox WHERE mailbox_id = ?', mailboxId);
  for (const { emailKey } of sql.all<{ emailKey: number }>('SELECT email_key AS emailKey FROM mail_entry WHERE mailbox_id = ? ORDER BY uid', mailboxId)) refreshEmail(sql, emailKey);
  for (const table of ['mail_uid_space', 'mail_vanished']) sql.run(`DELETE FROM ${table} WHERE mailbox_id = ?`, mailboxId);
  noteDestroyed(sql, 'Mailbox', mailboxId, createdAt);
}
