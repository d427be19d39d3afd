// Changes of an email document: every mark set or cleared gets a clock, so that it merges with what other devices mark.

import type { EmailDocument, KeywordMark, MailboxId, MailboxMark, MarkClock } from '@paloma/shared-model';
import { keywordsAfter } from '../keywords.js';
import type { EmailUpdate } from '../port/index.js';

export function newEmailDocument(
  { clock, addedAtMs, keywords, mailboxIds, isDeleted = false, ...fields }:
    Pick<EmailDocument, 'emailId' | 'messageId' | 'receivedAtMs'>
    & { clock: MarkClock; addedAtMs: number; keywords: readonly string[]; mailboxIds: readonly MailboxId[]; isDeleted?: boolean | undefined },
): EmailDocument {
  return {
    ...fields,
    keywords: Object.fromEntries(keywords.map((keyword) => [keyword, { isSet: true, clock }])),
    mailboxes: Object.fromEntries(mailboxIds.map((mailboxId) => [mailboxId, { isMember: true, isDeleted, addedAtMs, clock }])),
  };
}

export function keywordsOf({ keywords }: Pick<EmailDocument, 'keywords'>): string[] {
  return Object.keys(keywords).filter((keyword) => keywords[keyword]?.isSet).sort();
}

export function mailboxIdsOf({ mailboxes }: EmailDocument): MailboxId[] {
  return Object.keys(mailboxes).filter((mailboxId) => mailboxes[mailboxId]?.isMember) as MailboxId[];
}

/** The document after an update; marks that stay as they are keep their clocks. */
export function updatedEmail(email: EmailDocument, update: EmailUpdate, stamp: { clock: MarkClock; nowMs: number }): EmailDocument {
  return { ...email, keywords: updatedKeywords(email, update, stamp.clock), mailboxes: updatedMailboxes(email, update, stamp) };
}

function updatedKeywords(email: EmailDocument, update: EmailUpdate, clock: MarkClock): Record<string, KeywordMark> {
  const after = new Set(keywordsAfter(keywordsOf(email), update));
  const names = new Set([...Object.keys(email.keywords), ...after]);
  const markOf = (name: string): KeywordMark => {
    const mark = email.keywords[name];
    return mark?.isSet === after.has(name) ? mark : { isSet: after.has(name), clock };
  };
  return Object.fromEntries([...names].map((name) => [name, markOf(name)]));
}

function updatedMailboxes(email: EmailDocument, update: EmailUpdate, { clock, nowMs }: { clock: MarkClock; nowMs: number }): Record<string, MailboxMark> {
  const mailboxes = new Map(Object.entries(email.mailboxes));
  const { addMailboxIds = [], removeMailboxIds = [], setDeleted } = update;
  const deleted = setDeleted && mailboxes.get(setDeleted.mailboxId);
  if (deleted && deleted.isDeleted !== setDeleted.isDeleted) mailboxes.set(setDeleted.mailboxId, { ...deleted, isDeleted: setDeleted.isDeleted, clock });
  for (const mailboxId of addMailboxIds) {
    if (!mailboxes.get(mailboxId)?.isMember) mailboxes.set(mailboxId, { isMember: true, isDeleted: false, addedAtMs: nowMs, clock });
  }
  for (const mailboxId of removeMailboxIds) {
    const mark = mailboxes.get(mailboxId);
    if (mark?.isMember && !addMailboxIds.includes(mailboxId)) mailboxes.set(mailboxId, { ...mark, isMember: false, isDeleted: false, clock });
  }
  return Object.fromEntries(mailboxes);
}
