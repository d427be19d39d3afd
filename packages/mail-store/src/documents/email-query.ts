// Queries of the document store: SQL finds and sorts, cutWindow cuts.

import type { DocumentStore } from '@paloma/document-store';
import type { MailboxId } from '@paloma/shared-model';
import { foldedFields } from '../header-texts.js';
import type { EmailCondition, EmailFilter, EmailSort } from '../port/index.js';
import type { SortedEmail } from '../query-window.js';
import { matchesHeader } from '../searchable-message.js';
import { compileFilter, compileSort, type FilterFacts, type HeaderMatches } from './email-filter-sql.js';

/** An email with a thread has its message; said as LEFT JOIN, SQLite leaves the message out where nothing asks for it. */
const VISIBLE_EMAILS = 'mail_email e LEFT JOIN mail_message m ON m.message_id = e.message_id WHERE e.thread_key IS NOT NULL';
/** SQLite does not know that a text is found in few emails, so it is told where to begin. */
const EMAILS_IN_MAILBOX = {
  fromTexts: 'mail_email e CROSS JOIN mail_entry n ON n.email_key = e.email_key',
  fromMailbox: 'mail_entry n CROSS JOIN mail_email e ON e.email_key = n.email_key',
};
/** Header blocks that are read in one turn of the event loop; about 20 ms. */
const HEADER_BATCH = 200;

export async function findEmails(store: DocumentStore, filter: EmailFilter | null, sort: readonly EmailSort[]): Promise<SortedEmail[]> {
  const where = compileFilter(filter, factsOf(filter, await findHeaderMatches(store, filter)));
  const order = compileSort(sort);
  return store.sql.all<SortedEmail>(
    `SELECT e.email_id AS emailId, e.thread_key AS thread FROM ${VISIBLE_EMAILS} AND ${where.text} ORDER BY ${order.text}`,
    ...where.parameters, ...order.parameters);
}

/** Of a mailbox: an email of it is visible. */
export async function findUids(store: DocumentStore, mailboxId: MailboxId, filter: EmailFilter): Promise<Uint32Array> {
  const headerMatches = await findHeaderMatches(store, { operator: 'AND', conditions: [{ inMailbox: mailboxId }, filter] });
  const facts = factsOf(filter, headerMatches);
  const where = compileFilter(filter, facts);
  const uids = store.sql.all<{ uid: number }>(
    `SELECT n.uid FROM ${EMAILS_IN_MAILBOX[facts.isLedByText ? 'fromTexts' : 'fromMailbox']} LEFT JOIN mail_message m ON m.message_id = e.message_id WHERE n.mailbox_id = ? AND ${where.text}`,
    mailboxId, ...where.parameters);
  return Uint32Array.from(uids, ({ uid }) => uid);
}

/** Whether a filter asks for texts, for which the index must be complete. */
export function asksForText(filter: EmailFilter | null): boolean {
  if (filter === null) return false;
  return 'operator' in filter ? filter.conditions.some(asksForText) : hasText(filter);
}

function factsOf(filter: EmailFilter | null, headerMatches: HeaderMatches): FilterFacts {
  return { headerMatches, isLedByText: filter !== null && isLedByText(filter) };
}

function isLedByText(filter: EmailFilter): boolean {
  return 'operator' in filter ? filter.operator === 'AND' && filter.conditions.some(isLedByText) : hasText(filter);
}

function hasText(filter: EmailCondition): boolean {
  return [filter.text, filter.from, filter.to, filter.cc, filter.bcc, filter.subject, filter.body].some((needle) => needle !== undefined);
}

// Messages never change, so what was found in one turn holds in the next.
async function findHeaderMatches(store: DocumentStore, filter: EmailFilter | null): Promise<HeaderMatches> {
  const conditions = conditionsWithHeader(filter);
  const matches = new Map<EmailCondition, string[]>(conditions.map((condition) => [condition, []]));
  if (conditions.length === 0) return matches;
  for (const [index, messageId] of candidates(store, filter).entries()) {
    if (index % HEADER_BATCH === HEADER_BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    const message = store.get('message', messageId)?.content;
    const fields = message ? foldedFields(message.headerBlock) : [];
    for (const condition of conditions) if (condition.header && matchesHeader(fields, condition.header)) matches.get(condition)?.push(messageId);
  }
  return matches;
}

/** Messages that the rest of the filter lets through. */
function candidates(store: DocumentStore, filter: EmailFilter | null): string[] {
  const where = compileFilter(withoutHeaders(filter), factsOf(filter, new Map()));
  return store.sql.all<{ messageId: string }>(`SELECT DISTINCT e.message_id AS messageId FROM ${VISIBLE_EMAILS} AND ${where.text}`, ...where.parameters)
    .map(({ messageId }) => messageId);
}

function conditionsWithHeader(filter: EmailFilter | null): EmailCondition[] {
  if (filter === null) return [];
  if ('operator' in filter) return filter.conditions.flatMap(conditionsWithHeader);
  return filter.header ? [filter] : [];
}

/** A filter that lets through at least as much and has no `header` condition. */
function withoutHeaders(filter: EmailFilter | null): EmailFilter | null {
  if (filter === null || conditionsWithHeader(filter).length === 0) return filter;
  if (!('operator' in filter)) return { ...filter, header: undefined };
  if (filter.operator !== 'AND') return null;
  return { operator: 'AND', conditions: filter.conditions.map(withoutHeaders).filter((inner) => inner !== null) };
}
