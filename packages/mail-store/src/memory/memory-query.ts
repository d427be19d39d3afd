// Filters and sorts in memory: every email is asked. Slow and plain, so that it can judge the SQL of the document store.

import { compareText } from '../folded-text.js';
import { foldedFields } from '../header-texts.js';
import type { SortedEmail } from '../query-window.js';
import { matchesHeader, matchesTexts } from '../searchable-message.js';
import type { EmailCondition, EmailFilter, EmailSort } from '../port/index.js';
import type { MemoryAccount, MemoryEmail } from './memory-account.js';

type Condition<Name extends keyof EmailCondition> = NonNullable<EmailCondition[Name]>;
type Test<Name extends keyof EmailCondition> = (email: MemoryEmail, value: Condition<Name>, account: MemoryAccount) => boolean;

const sentAtMs = (email: MemoryEmail): number => email.message.texts.sentAtMs ?? email.receivedAtMs;
const sentLocalMs = (email: MemoryEmail): number => email.message.texts.sentLocalMs ?? email.receivedAtMs;
const hasKeyword = (email: MemoryEmail, keyword: string): boolean => email.keywords.includes(keyword.toLowerCase());
const threadOf = (email: MemoryEmail, account: MemoryAccount): MemoryEmail[] => account.threads.emailsOf(email.message.threadId);
const allInThread: Test<'allInThreadHaveKeyword'> = (email, keyword, account) => threadOf(email, account).every((other) => hasKeyword(other, keyword));
const someInThread: Test<'someInThreadHaveKeyword'> = (email, keyword, account) => threadOf(email, account).some((other) => hasKeyword(other, keyword));

/** Conditions other than those on texts, which `matchesTexts` decides together. */
const TESTS: { [Name in keyof EmailCondition]?: Test<Name> } = {
  inMailbox: (email, mailboxId) => email.entries.has(mailboxId),
  inMailboxOtherThan: (email, mailboxIds) => [...email.entries.keys()].some((mailboxId) => !mailboxIds.includes(mailboxId)),
  before: (email, ms) => email.receivedAtMs < ms,
  after: (email, ms) => email.receivedAtMs >= ms,
  sentBefore: (email, ms) => sentLocalMs(email) < ms,
  sentAfter: (email, ms) => sentLocalMs(email) >= ms,
  minSizeBytes: (email, bytes) => email.message.sizeBytes >= bytes,
  maxSizeBytes: (email, bytes) => email.message.sizeBytes < bytes,
  hasKeyword,
  notKeyword: (email, keyword) => !hasKeyword(email, keyword),
  allInThreadHaveKeyword: allInThread,
  someInThreadHaveKeyword: someInThread,
  noneInThreadHaveKeyword: (email, keyword, account) => !someInThread(email, keyword, account),
  hasAttachment: (email, wanted) => email.message.hasAttachment === wanted,
  header: (email, header) => matchesHeader(foldedFields(email.message.headerBlock), header),
  emailIds: (email, emailIds) => emailIds.includes(email.emailId),
  threadId: (email, threadId) => email.message.threadId === threadId,
};

export function matchesFilter(email: MemoryEmail, filter: EmailFilter | null, account: MemoryAccount): boolean {
  if (filter === null) return true;
  if (!('operator' in filter)) return matchesCondition(email, filter, account);
  const matches = (inner: EmailFilter): boolean => matchesFilter(email, inner, account);
  if (filter.operator === 'AND') return filter.conditions.every(matches);
  return filter.operator === 'OR' ? filter.conditions.some(matches) : !filter.conditions.some(matches);
}

function matchesCondition(email: MemoryEmail, condition: EmailCondition, account: MemoryAccount): boolean {
  const names = Object.keys(TESTS) as (keyof EmailCondition)[];
  return names.every((name) => passes(name, email, condition, account)) && matchesTexts(email.message, condition);
}

function passes<Name extends keyof EmailCondition>(name: Name, email: MemoryEmail, condition: EmailCondition, account: MemoryAccount): boolean {
  const value = condition[name];
  return value === undefined || TESTS[name]?.(email, value as Condition<Name>, account) !== false;
}

/** Newest first where nothing else decides, so that the order is always the same. */
export function sortEmails(emails: readonly MemoryEmail[], sort: readonly EmailSort[], account: MemoryAccount): MemoryEmail[] {
  const compare = (a: MemoryEmail, b: MemoryEmail): number => {
    for (const comparator of sort) {
      const order = compareValues(sortValue(a, comparator, account), sortValue(b, comparator, account));
      if (order !== 0) return comparator.isAscending ? order : -order;
    }
    return b.receivedAtMs - a.receivedAtMs || compareText(a.emailId, b.emailId);
  };
  return [...emails].sort(compare);
}

function sortValue(email: MemoryEmail, { property, keyword = '' }: EmailSort, account: MemoryAccount): string | number {
  const { texts, sizeBytes } = email.message;
  const values: Record<EmailSort['property'], () => string | number> = {
    receivedAt: () => email.receivedAtMs,
    sentAt: () => sentAtMs(email),
    size: () => sizeBytes,
    from: () => texts.sortKeys.from,
    to: () => texts.sortKeys.to,
    cc: () => texts.sortKeys.cc,
    subject: () => texts.sortKeys.subject,
    hasKeyword: () => Number(hasKeyword(email, keyword)),
    allInThreadHaveKeyword: () => Number(allInThread(email, keyword, account)),
    someInThreadHaveKeyword: () => Number(someInThread(email, keyword, account)),
  };
  return values[property]();
}

function compareValues(a: string | number, b: string | number): number {
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : Number(a) - Number(b);
}

/** What `cutWindow` needs of an email. */
export function sortedEmail({ emailId, message }: MemoryEmail): SortedEmail {
  return { emailId, thread: message.threadId };
}
