// What the acts on a conversation change, as patches. Nothing is sent from here.

import type { EmailPatches } from '../jmap/object-cache.js';
import type { Email, Mailbox, MailboxId } from '../jmap/types.js';
import { mailboxOfRole } from './mailbox-order.js';

const patchesFor = (emails: readonly Email[], patch: (email: Email) => ReturnType<EmailPatches['get']>): EmailPatches =>
  new Map(emails.flatMap((email) => { const change = patch(email); return change ? [[email.id, change] as const] : []; }));

/** `null`: the account has no archive, or the conversation is in it alone. */
export function archivePatches(emails: readonly Email[], mailboxes: readonly Mailbox[], from: MailboxId | null): EmailPatches | null {
  const archive = mailboxOfRole(mailboxes, 'archive');
  const source = from ?? mailboxOfRole(mailboxes, 'inbox')?.id;
  if (!archive || source === undefined || source === archive.id) return null;
  const patches = patchesFor(emails, (email) => (email.mailboxIds[source] ? { mailboxIds: { [source]: false, [archive.id]: true } } : undefined));
  return patches.size > 0 ? patches : null;
}

/** From everywhere into the trash. `null`: there is no trash, and nothing is ever destroyed for want of one. */
export function trashPatches(emails: readonly Email[], mailboxes: readonly Mailbox[]): EmailPatches | null {
  const trash = mailboxOfRole(mailboxes, 'trash');
  if (!trash) return null;
  return patchesFor(emails, (email) => ({
    mailboxIds: { ...Object.fromEntries(Object.keys(email.mailboxIds).map((id) => [id, false])), [trash.id]: true },
  }));
}

export function keywordPatches(emails: readonly Email[], keyword: '$seen' | '$flagged', isOn: boolean): EmailPatches {
  return patchesFor(emails, (email) => (keyword in email.keywords === isOn ? undefined : { keywords: { [keyword]: isOn } }));
}

export const isUnread = (email: Email): boolean => !('$seen' in email.keywords) && !isDraft(email);
export const isStarred = (email: Email): boolean => '$flagged' in email.keywords;
export const isDraft = (email: Email): boolean => '$draft' in email.keywords;

/** Out of a mailbox (trash, junk, archive) and back into the inbox. */
export function inboxPatches(emails: readonly Email[], mailboxes: readonly Mailbox[], from: MailboxId | null): EmailPatches {
  const inbox = mailboxOfRole(mailboxes, 'inbox');
  if (!inbox) return new Map();
  return patchesFor(emails, (email) => (from !== null && email.mailboxIds[from] ? { mailboxIds: { [from]: false, [inbox.id]: true } } : undefined));
}
