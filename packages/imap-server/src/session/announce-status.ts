import type { Mailbox } from '@paloma/mail-store/port';
import { asksDeleted, formatStatus, type StatusItem } from '../wire/status-item.js';
import type { Session } from './session.js';

/** The STATUS answer for one mailbox. What is marked `\Deleted` is not among the totals that the store keeps, and is counted here. */
export async function announceStatus(session: Session, mailbox: Mailbox, items: readonly StatusItem[]): Promise<void> {
  const view = asksDeleted(items) ? await session.store!.openView(mailbox.mailboxId) : null;
  const deleted = view?.entries.filter(({ isDeleted }) => isDeleted) ?? [];
  await session.writer.untagged(formatStatus(mailbox, items, {
    maxMessageBytes: session.environment.limits.maxMessageBytes,
    isUtf8: session.isUtf8,
    deletedEmails: deleted.length,
    deletedBytes: deleted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }));
}
