// FilterCondition and Comparator of Email/query, RFC 8621 §4.4.1 and §4.4.2, as the store takes them.

import { z } from 'zod';
import { parseMailboxId, type MailboxId } from '@paloma/shared-model';
import type { EmailCondition, EmailFilter, EmailSort } from '@paloma/mail-store/port';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import { conditionParser } from '../standard-methods/filter-condition.js';
import { parseFilter, type Filter } from '../standard-methods/filter.js';
import type { Comparator } from '../standard-methods/query.js';
import { parseUtcDate } from '../utc-date.js';
import { keyword } from './keyword.js';

const mailboxId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/).transform((id): MailboxId => parseMailboxId(id));
const utcDate = z.string().transform((text, context) => {
  const epochMs = parseUtcDate(text);
  if (epochMs === null) context.addIssue({ code: 'custom', message: 'not a UTCDate' });
  return epochMs ?? 0;
});
const unsignedInt = z.number().int().nonnegative();

const emailCondition = z.strictObject({
  inMailbox: mailboxId.optional(),
  inMailboxOtherThan: z.array(mailboxId).max(1000).optional(),
  before: utcDate.optional(),
  after: utcDate.optional(),
  minSize: unsignedInt.optional(),
  maxSize: unsignedInt.optional(),
  allInThreadHaveKeyword: keyword.optional(),
  someInThreadHaveKeyword: keyword.optional(),
  noneInThreadHaveKeyword: keyword.optional(),
  hasKeyword: keyword.optional(),
  notKeyword: keyword.optional(),
  hasAttachment: z.boolean().optional(),
  text: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  cc: z.string().optional(),
  bcc: z.string().optional(),
  subject: z.string().optional(),
  body: z.string().optional(),
  header: z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string()])]).optional(),
});

/** @throws {JmapError} "invalidArguments", "unsupportedFilter" */
export function parseEmailFilter(filter: JsonObject | null | undefined, maxDepth: number): EmailFilter | null {
  return filter == null ? null : storeFilter(parseFilter(filter, conditionParser(emailCondition), maxDepth));
}

function storeFilter(filter: Filter<z.output<typeof emailCondition>>): EmailFilter {
  if ('operator' in filter) return { operator: filter.operator, conditions: filter.conditions.map(storeFilter) };
  const { minSize, maxSize, ...others } = filter.condition;
  const condition: EmailCondition = withoutUndefined(others);
  if (minSize !== undefined) condition.minSizeBytes = minSize;
  if (maxSize !== undefined) condition.maxSizeBytes = maxSize;
  return condition;
}

function withoutUndefined<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;
}

export const EMAIL_SORT_PROPERTIES = ['receivedAt', 'sentAt', 'size', 'from', 'to', 'subject', 'hasKeyword', 'allInThreadHaveKeyword', 'someInThreadHaveKeyword'] as const;
const KEYWORD_PROPERTIES: readonly string[] = ['hasKeyword', 'allInThreadHaveKeyword', 'someInThreadHaveKeyword'];

/**
 * @throws {JmapError} "unsupportedSort" for an unknown property or any collation, "invalidArguments" without the keyword
 * that a property needs
 */
export function parseEmailSort(sort: readonly Comparator[] | null | undefined): EmailSort[] {
  return (sort ?? []).map(({ property, isAscending, collation, keyword: sortKeyword }) => {
    const known = EMAIL_SORT_PROPERTIES.find((name) => name === property);
    if (!known || collation !== undefined) throw new JmapError('unsupportedSort');
    if (!KEYWORD_PROPERTIES.includes(known)) return { property: known, isAscending };
    const parsed = keyword.safeParse(sortKeyword);
    if (!parsed.success) throw new JmapError('invalidArguments', 'sort: keyword');
    return { property: known, isAscending, keyword: parsed.data };
  });
}
