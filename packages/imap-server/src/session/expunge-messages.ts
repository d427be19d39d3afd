import type { ViewEntry } from '@paloma/mail-store/port';
import type { SelectedContext } from '../command.js';
import { inBatches } from './in-batches.js';
import type { SelectedMailbox } from './selected-mailbox.js';
import type { Session } from './session.js';

/** Takes those of the messages that are marked `\Deleted` out of the mailbox. Gives the response code for the completion. */
export async function expungeMessages({ session, store, mailbox }: SelectedContext, among: readonly ViewEntry[]): Promise<string | undefined> {
  const doomed = among.filter(({ isDeleted, uid }) => isDeleted && !mailbox.hasVanished(uid));
  if (doomed.length === 0) return undefined;
  await inBatches(doomed, (batch) => store.updateEmails(batch.map(({ emailId, emailKey }) => ({ emailId, emailKey, removeMailboxIds: [mailbox.mailboxId] }))));
  return takeOwnExpunges(session, mailbox);
}

/**
 * After the session itself took messages out of its mailbox. Gives the response code for the completion: with QRESYNC the client
 * must learn the new mod-sequence of the mailbox (RFC 7162 §3.2.7, §3.2.8; of MOVE RFC 6851 §4.4, of REPLACE RFC 8508 §4.5).
 */
export async function takeOwnExpunges(session: Session, mailbox: SelectedMailbox): Promise<string | undefined> {
  mailbox.isStale = true;
  mailbox.hasOwnExpunges = true;
  await mailbox.refresh();
  return session.enabled.has('QRESYNC') ? `HIGHESTMODSEQ ${mailbox.highestModSeq}` : undefined;
}
