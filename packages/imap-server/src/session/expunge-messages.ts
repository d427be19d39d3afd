import type { MailStore, ViewEntry } from '@paloma/mail-store/port';
import type { SelectedMailbox } from './selected-mailbox.js';

/** Takes those of the messages that are marked `\Deleted` out of the mailbox. What the client hears of it is the caller's business. */
export async function expungeMessages(store: MailStore, mailbox: SelectedMailbox, among: readonly ViewEntry[]): Promise<void> {
  const doomed = among.filter(({ isDeleted, uid }) => isDeleted && !mailbox.hasVanished(uid));
  if (doomed.length === 0) return;
  await store.updateEmails(doomed.map(({ emailId }) => ({ emailId, removeMailboxIds: [mailbox.mailboxId] })));
  mailbox.isStale = true;
}
