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
  memberships: string;
  modSeq: number;
}

/** Emails in the order asked; one statement for all of them, and the message document of each. */
export function loadEmailRecords(store: DocumentStore, emailIds: readonly EmailId[]): EmailRecord[] {
  const rows = store.sql.all<EmailRow>(
    `SELECT e.email_id AS emailId, e.message_id AS messageId, t.thread_id AS threadId, e.received_at_ms AS receivedAtMs, e.keywords, e.memberships, e.changed_at AS modSeq
     FROM json_each(?) AS asked CROSS JOIN mail_email e ON e.email_id = asked.value JOIN mail_thread t ON t.thread_key = e.thread_key ORDER BY asked.key`, JSON.stringify(emailIds));
  const mailboxIds = new Set(store.sql.all<{ mailboxId: string }>('SELECT mailbox_id AS mailboxId FROM mail_mailbox').map(({ mailboxId }) => mailboxId));
  return rows.flatMap((row) => loadRecord(store, row, mailboxIds));
}

function loadRecord(store: DocumentStore, row: EmailRow, knownMailboxIds: ReadonlySet<string>): EmailRecord[] {
  const message = store.get('message', row.messageId)?.content;
  if (!message) return [];
  const { emailId, messageId, threadId, receivedAtMs, modSeq } = row;
  const { sizeBytes, headerBlock, rootPart, preview, security } = message;
  const mailboxIds = Object.keys(JSON.parse(row.memberships) as object).filter((mailboxId) => knownMailboxIds.has(mailboxId)) as MailboxId[];
  const keywords = JSON.parse(row.keywords) as string[];
  return [{ emailId, messageId, threadId, mailboxIds, keywords, receivedAtMs, sizeBytes, headerBlock, rootPart, preview, hasAttachment: hasAttachment(rootPart), security, modSeq }];
}
