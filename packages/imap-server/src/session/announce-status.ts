import type { Mailbox, MailStore } from '@paloma/mail-store/port';
import { asksDeleted, formatStatus, type StatusItem } from '../wire/status-item.js';
import type { Session } from './session.js';

/** The STATUS answer for one mailbox. What the store's totals do not say is counted here. */
export async function announceStatus(session: Session, mailbox: Mailbox, items: readonly StatusItem[]): Promise<void> {
  const store = session.store!;
  const view = asksDeleted(items) ? await store.openView(mailbox.mailboxId) : null;
  const deleted = view?.entries.filter(({ isDeleted }) => isDeleted) ?? [];
  await session.writer.untagged(formatStatus(mailbox, items, {
    maxMessageBytes: session.environment.limits.maxMessageBytes,
    isUtf8: session.isUtf8,
    unseenDrafts: items.includes('UNSEEN') ? await countUnseenDrafts(store, mailbox) : 0,
    deletedEmails: deleted.length,
    deletedBytes: deleted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }));
}

/** JMAP does not count a draft as unread (RFC 8621 §2); IMAP counts all without `\Seen`. */
async function countUnseenDrafts(store: MailStore, { mailboxId }: Mailbox): Promise<number> {
  const conditions = [{ inMailbox: mailboxId }, { hasKeyword: '$draft' }, { notKeyword: '$seen' }];
  const { total } = await store.query({ operator: 'AND', conditions }, [], { position: 0, limit: 0, collapseThreads: false, calculateTotal: true });
  return total ?? 0;
}
