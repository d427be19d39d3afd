// How two states of one document become one when two devices changed it at the same time. Commutative, so that both
// devices come to the same.

import { mergeAnnotationsDocuments, mergeDeliveryReports, mergeEmailDocuments, type MailboxDocument, type MessageDocument, type SecurityFacts } from '@paloma/shared-model';
import { compareText } from '../folded-text.js';
import { ROLE_MAILBOXES } from '../role-mailboxes.js';

/** For the sync engine, by document type. */
export const mergers = {
  email: mergeEmailDocuments, mailbox: mergeMailboxDocuments, message: mergeMessageDocuments, annotations: mergeAnnotationsDocuments, 'delivery-report': mergeDeliveryReports,
};

/** The more a device knew of the signer when it filed the message, the higher. */
const SIGNATURE_KNOWLEDGE: readonly SecurityFacts['signature'][] = ['none', 'unknownSigner', 'valid', 'invalid'];

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

/**
 * Two devices may file the same incoming item before they hear of each other. The octets are the same; what they found out about
 * the signature may differ, when one could look up the signer and the other could not. The better informed counts.
 */
export function mergeMessageDocuments(left: MessageDocument, right: MessageDocument): MessageDocument {
  const [a, b] = [left, right].map(({ security }) => SIGNATURE_KNOWLEDGE.indexOf(security.signature)) as [number, number];
  if (a !== b) return a > b ? left : right;
  return compareText(JSON.stringify(left.security), JSON.stringify(right.security)) < 0 ? right : left;
}
