import type { DocumentStore } from '@paloma/document-store';
import { hasAttachment } from '@paloma/mail-format';
import type { EmailId, MailboxId, MessageId, ThreadId } from '@paloma/shared-model';
import type { EmailRecord } from '../port/index.js';

interface EmailRow {
  emailId: EmailId;
  messageId: MessageId;
  threadId: ThreadId;
  receivedAtMs: number;
  keywords: string;
  /** JSON. */
  mailboxIds: string;
  modSeq: number;
}

/** Emails in the order asked; one statement for all of them, and the message document of each. */
export function loadEmailRecords(store: DocumentStore, emailIds: readonly EmailId[]): EmailRecord[] {
  const rows = store.sql.all<EmailRow>(
    `SELECT e.email_id AS emailId, e.message_id AS messageId, t.thread_id AS threadId, e.received_at_ms AS receivedAtMs, n.keywords, json_group_array(n.mailbox_id) AS mailboxIds, n.changed_at AS modSeq
     FROM json_each(?) AS asked CROSS JOIN mail_email e ON e.email_id = asked.value CROSS JOIN mail_thread t ON t.thread_key = e.thread_key CROSS JOIN mail_entry n ON n.email_key = e.email_key
     GROUP BY asked.key ORDER BY asked.key`, JSON.stringify(emailIds));
  return rows.flatMap((row) => loadRecord(store, row));
}

function loadRecord(store: DocumentStore, row: EmailRow): EmailRecord[] {
  const message = store.get('message', row.messageId)?.content;
  if (!message) return [];
  const { emailId, messageId, threadId, receivedAtMs, modSeq } = row;
  const { sizeBytes, headerBlock, rootPart, preview, security } = message;
  const mailboxIds = JSON.parse(row.mailboxIds) as MailboxId[];
  const keywords = JSON.parse(row.keywords) as string[];
  return [{ emailId, messageId, threadId, mailboxIds, keywords, receivedAtMs, sizeBytes, headerBlock, rootPart, preview, hasAttachment: hasAttachment(rootPart), security, modSeq }];
}
