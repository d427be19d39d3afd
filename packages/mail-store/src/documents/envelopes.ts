// Envelopes of messages, kept as text beside the entries of a view and in the order of filing: to list, sort or thread a mailbox
// of 100,000 messages is then one walk over a few megabytes, and neither documents nor headers are read again.

import type { Sql } from '@paloma/document-store';
import type { MailboxId } from '@paloma/shared-model';
import type { EmailEnvelope } from '../port/index.js';
import { saveDescription } from './descriptions.js';
import { readEnvelope } from '../read-envelope.js';

/** The key under which entries find it. */
export function saveEnvelope(sql: Sql, headerBlock: Uint8Array): number {
  const envelope = readEnvelope(headerBlock);
  const key = sql.run('INSERT INTO mail_envelope (content) VALUES (?)', JSON.stringify(envelope)).lastInsertRowid;
  saveDescription(sql, key, envelope.envelope);
  return key;
}

export function deleteEnvelope(sql: Sql, messageId: string): void {
  for (const table of ['mail_envelope', 'mail_description']) {
    sql.run(`DELETE FROM ${table} WHERE envelope_key = (SELECT envelope_key FROM mail_message WHERE message_id = ?)`, messageId);
  }
}

export function loadEnvelopes(sql: Sql, mailboxId: MailboxId, uids: readonly number[]): EmailEnvelope[] {
  const rows = sql.all<{ uid: number; content: string }>(
    `SELECT n.uid, v.content FROM json_each(?) AS asked CROSS JOIN mail_entry n ON n.mailbox_id = ? AND n.uid = asked.value
     CROSS JOIN mail_envelope v ON v.envelope_key = n.envelope_key ORDER BY asked.key`, JSON.stringify(uids), mailboxId);
  return rows.map(({ uid, content }) => ({ uid, ...(JSON.parse(content) as Omit<EmailEnvelope, 'uid'>) }));
}
