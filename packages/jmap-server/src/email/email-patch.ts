// Changes of keywords and mailboxes of an email, RFC 8621 §4.6, as what the store is to add and to take away: two
// clients that mark the same email at once then do not undo each other.

import type { EmailId, MailboxId } from '@paloma/shared-model';
import type { EmailRecord, EmailUpdate } from '@paloma/mail-store/port';
import type { JsonObject } from '../json.js';
import type { MethodContext } from '../method.js';
import { applyPatch } from '../standard-methods/patch-object.js';
import { done, invalidProperties, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { keywordSet } from './keyword.js';
import { parseMailboxIdSet } from './mailbox-id-set.js';

const CHANGEABLE = ['keywords', 'mailboxIds'];

export function emailUpdate(record: EmailRecord, patch: JsonObject, { creationIds, limits }: MethodContext): SetOutcome<EmailUpdate> {
  const fixed = Object.keys(patch).filter((pointer) => !CHANGEABLE.includes(pointer.split('/')[0] ?? ''));
  if (fixed.length > 0) return invalidProperties(...fixed);
  const patched = applyPatch({ keywords: setOf(record.keywords), mailboxIds: setOf(record.mailboxIds) }, patch);
  if (!patched) return refuse('invalidPatch');
  const keywords = keywordSet.safeParse(patched['keywords'] ?? {});
  const mailboxIds = parseMailboxIdSet(patched['mailboxIds'], creationIds);
  if (!keywords.success) return invalidProperties('keywords');
  if (!mailboxIds) return invalidProperties('mailboxIds');
  if (mailboxIds.length > limits.maxMailboxesPerEmail) return refuse('tooManyMailboxes');
  return done(difference(record, keywords.data, mailboxIds));
}

function difference(record: EmailRecord, keywords: readonly string[], mailboxIds: readonly MailboxId[]): EmailUpdate {
  const missing = <Item>(from: readonly Item[], others: readonly Item[]): Item[] => others.filter((item) => !from.includes(item));
  return {
    emailId: record.emailId as EmailId,
    addKeywords: missing(record.keywords, keywords),
    removeKeywords: missing(keywords, record.keywords),
    addMailboxIds: missing(record.mailboxIds, mailboxIds),
    removeMailboxIds: missing(mailboxIds, record.mailboxIds),
  };
}

function setOf(members: readonly string[]): Record<string, true> {
  return Object.fromEntries(members.map((member) => [member, true]));
}
