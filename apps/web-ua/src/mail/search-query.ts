// The search box: words, and operators as `from:ana`, `subject:"two words"`, `has:attachment`, `is:unread`.

import type { EmailFilter, MailboxId } from '../jmap/types.js';

const TOKEN = /(?:(\w+):)?(?:"([^"]*)"|(\S+))/g;

const MARKS: Readonly<Record<string, EmailFilter>> = {
  'has:attachment': { hasAttachment: true },
  'is:unread': { notKeyword: '$seen' },
  'is:read': { hasKeyword: '$seen' },
  'is:starred': { hasKeyword: '$flagged' },
};
const FIELDS: ReadonlySet<string> = new Set(['from', 'to', 'subject']);

/** @param excluded mailboxes whose mail nobody looks for: trash and junk */
export function searchFilter(text: string, excluded: readonly MailboxId[]): EmailFilter {
  const conditions = [...text.matchAll(TOKEN)].map(([whole, operator, quoted, word]) => conditionOf(whole, operator?.toLowerCase(), quoted ?? word ?? ''));
  return { operator: 'AND', conditions: [...excluded.length > 0 ? [{ inMailboxOtherThan: [...excluded] }] : [], ...conditions] };
}

function conditionOf(whole: string, operator: string | undefined, value: string): EmailFilter {
  if (operator === undefined) return { text: value };
  if (FIELDS.has(operator)) return { [operator]: value };
  const date = operator === 'before' || operator === 'after' ? new Date(value) : null;
  if (date && !Number.isNaN(date.valueOf())) return { [operator]: date.toISOString() };
  return MARKS[`${operator}:${value.toLowerCase()}`] ?? { text: whole.replaceAll('"', '') };
}
