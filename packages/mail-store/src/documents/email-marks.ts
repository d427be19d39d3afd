// Changes of an email document: every mark set or cleared gets a clock, so that it merges with what other devices mark.

import type { EmailDocument, KeywordMark, MailboxId, MailboxMark, MarkClock } from '@paloma/shared-model';
import { canonicalKeywords } from '../keywords.js';
import type { EmailUpdate } from '../port/index.js';

const NONE: readonly never[] = [];

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
  const set = Object.keys(keywords).filter((keyword) => keywords[keyword]?.isSet);
  return set.length > 1 ? set.sort() : set;   // to sort a single one makes as much garbage as all else here
}

export function mailboxIdsOf({ mailboxes }: EmailDocument): MailboxId[] {
  return Object.keys(mailboxes).filter((mailboxId) => mailboxes[mailboxId]?.isMember) as MailboxId[];
}

/**
 * The document after an update; marks that stay as they are keep their clocks. `canonical`: as `canonicalKeywords`; who updates many
 * emails alike has it answer but once.
 */
export function updatedEmail(email: EmailDocument, update: EmailUpdate, stamp: { clock: MarkClock; nowMs: number }, canonical = canonicalKeywords): EmailDocument {
  return { ...email, keywords: updatedKeywords(email, update, stamp.clock, canonical), mailboxes: updatedMailboxes(email, update, stamp) };
}

function updatedKeywords({ keywords }: EmailDocument, update: EmailUpdate, clock: MarkClock, canonical: typeof canonicalKeywords): Record<string, KeywordMark> {
  const after = { ...keywords };
  const mark = (keyword: string, isSet: boolean): void => { if ((after[keyword]?.isSet ?? false) !== isSet) after[keyword] = { clock, isSet }; };   // in the order in which they are encoded
  const [set, added, removed] = [update.setKeywords && canonical(update.setKeywords), canonical(update.addKeywords ?? NONE), canonical(update.removeKeywords ?? NONE)];
  if (set) for (const keyword of Object.keys(keywords)) if (!set.includes(keyword) && !added.includes(keyword)) mark(keyword, false);
  for (const keyword of [...(set ?? NONE), ...added]) if (!removed.includes(keyword)) mark(keyword, true);
  for (const keyword of removed) mark(keyword, false);
  return after;
}

function updatedMailboxes(email: EmailDocument, update: EmailUpdate, { clock, nowMs }: { clock: MarkClock; nowMs: number }): Record<string, MailboxMark> {
  const { addMailboxIds = NONE, removeMailboxIds = NONE, setDeleted } = update;
  if (addMailboxIds.length === 0 && removeMailboxIds.length === 0 && !setDeleted) return email.mailboxes;
  const mailboxes = new Map(Object.entries(email.mailboxes));
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
