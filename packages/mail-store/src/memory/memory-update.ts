// One update of one email in memory.

import type { Clock, MailboxId } from '@paloma/shared-model';
import { keywordsAfter, MAX_KEYWORDS } from '../keywords.js';
import type { EmailUpdate, EmailUpdateOutcome } from '../port/index.js';
import type { MemoryAccount, MemoryEmail } from './memory-account.js';

type Refusal = Extract<EmailUpdateOutcome, { ok: false }>['refusal'];

/** `modSeqBefore`: of the email when the list of updates began, for UNCHANGEDSINCE. */
export function updateEmail(account: MemoryAccount, clock: Clock, update: EmailUpdate, modSeqBefore: number): EmailUpdateOutcome {
  const { emailId, addMailboxIds = [] } = update;
  const email = account.emails.get(emailId);
  if (!email) return { ok: false, emailId, refusal: 'notFound' };
  const refusal = refusalOf(account, email, update, modSeqBefore);
  if (refusal) return { ok: false, emailId, refusal };
  const [before, countedBefore] = [fingerprintOf(email), countedOf(email)];
  applyUpdate(account, clock, email, update);
  if (fingerprintOf(email) !== before) account.settleEmail(email, { isMark: countedOf(email) === countedBefore });
  const addedUids = new Map(addMailboxIds.map((mailboxId) => [mailboxId, email.entries.get(mailboxId)?.uid ?? 0]));
  return { ok: true, emailId, modSeq: email.entries.size > 0 ? email.modSeq : account.log.latest, addedUids };
}

function refusalOf(account: MemoryAccount, email: MemoryEmail, update: EmailUpdate, modSeqBefore: number): Refusal | null {
  const { addMailboxIds = [], setDeleted, ifUnchangedSince = modSeqBefore } = update;
  if (modSeqBefore > ifUnchangedSince) return 'modified';
  const isKnown = (mailboxId: MailboxId): boolean => account.mailboxes.has(mailboxId);
  if (!addMailboxIds.every(isKnown) || (setDeleted && !email.entries.has(setDeleted.mailboxId))) return 'mailboxNotFound';
  return keywordsAfter(email.keywords, update).length > MAX_KEYWORDS ? 'tooManyKeywords' : null;
}

function applyUpdate(account: MemoryAccount, clock: Clock, email: MemoryEmail, update: EmailUpdate): void {
  const { addMailboxIds = [], removeMailboxIds = [], setDeleted } = update;
  email.keywords = keywordsAfter(email.keywords, update);
  const entry = setDeleted && email.entries.get(setDeleted.mailboxId);
  if (entry) entry.isDeleted = setDeleted.isDeleted;
  for (const mailboxId of addMailboxIds) account.addToMailbox(email, mailboxId, { addedAtMs: clock.nowMs() });
  for (const mailboxId of removeMailboxIds) if (!addMailboxIds.includes(mailboxId)) account.removeFromMailbox(email, mailboxId);
}

/** Text that differs when anything an update can change differs. */
function fingerprintOf({ keywords, entries }: MemoryEmail): string {
  return JSON.stringify([keywords, [...entries]]);
}

/** Text that differs when anything differs on which counts of mailboxes depend. */
function countedOf({ keywords, entries }: MemoryEmail): string {
  return JSON.stringify([keywords.includes('$seen') || keywords.includes('$draft'), [...entries.keys()]]);
}
