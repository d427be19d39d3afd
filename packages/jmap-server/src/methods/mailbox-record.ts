// The Mailbox object, RFC 8621 §2. The store's names are full paths; JMAP has the last level and the parent.

import type { Mailbox } from '@paloma/mail-store/port';
import type { IdentifiedRecord } from '../standard-methods/record-history.js';

export const MAILBOX_PROPERTIES = [
  'id', 'name', 'parentId', 'role', 'sortOrder', 'totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads', 'myRights', 'isSubscribed',
] as const;

export function mailboxRecord(mailbox: Mailbox): IdentifiedRecord {
  const { mailboxId, parentId, role, sortOrder, totalEmails, unreadEmails, totalThreads, unreadThreads, isSubscribed } = mailbox;
  const name = lastLevel(mailbox.name);
  return { id: mailboxId, name, parentId, role, sortOrder, totalEmails, unreadEmails, totalThreads, unreadThreads, myRights: rightsOf(mailbox), isSubscribed };
}

export function lastLevel(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The account is the user's own; only the mailboxes that every account has keep their name and place. */
function rightsOf({ role }: Mailbox): Record<string, boolean> {
  const isOrdinary = role === null || role === 'important';
  return {
    mayReadItems: true,
    mayAddItems: true,
    mayRemoveItems: true,
    maySetSeen: true,
    maySetKeywords: true,
    mayCreateChild: true,
    mayRename: isOrdinary,
    mayDelete: isOrdinary,
    maySubmit: true,
  };
}
