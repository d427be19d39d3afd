// How two states of one document become one when two devices changed it at the same time. Commutative, so that both
// devices come to the same.

import { mergeEmailDocuments, type MailboxDocument } from '@paloma/shared-model';
import { compareText } from '../folded-text.js';
import { ROLE_MAILBOXES } from '../role-mailboxes.js';

/** For the sync engine, by document type. */
export const mergers = { email: mergeEmailDocuments, mailbox: mergeMailboxDocuments };

/** Fields carry no clocks: a name that someone chose wins over the one it was made with, then the later in the alphabet. */
export function mergeMailboxDocuments(left: MailboxDocument, right: MailboxDocument): MailboxDocument {
  return {
    ...left,
    name: mergeNames(left, right),
    isSubscribed: left.isSubscribed || right.isSubscribed,
    sortOrder: Math.max(left.sortOrder, right.sortOrder),
    createdAtMs: Math.min(left.createdAtMs, right.createdAtMs),
  };
}

function mergeNames(left: MailboxDocument, right: MailboxDocument): string {
  const original = ROLE_MAILBOXES.find(({ mailboxId }) => mailboxId === left.mailboxId)?.name;
  if (left.name === original) return right.name;
  if (right.name === original) return left.name;
  return compareText(left.name, right.name) < 0 ? right.name : left.name;
}
