// The part of a sorted result that a caller asked for: RFC 8620 §5.5 (position, anchor, limit), RFC 8621 §4.4.3 (collapse).

import type { EmailId } from '@paloma/shared-model';
import type { QueryResult, QueryWindow } from './port/index.js';

export interface SortedEmail {
  emailId: EmailId;
  /** The same for all emails of a thread. */
  thread: number | string;
}

export function cutWindow(sorted: readonly SortedEmail[], window: QueryWindow): Omit<QueryResult, 'queryState'> {
  const result = window.collapseThreads ? firstOfEachThread(sorted) : sorted;
  const start = startOf(result, window);
  const total = window.calculateTotal ? result.length : null;
  if (start === null) return { emailIds: [], position: 0, total, anchorFound: false };
  const end = window.limit === null ? result.length : start + Math.max(0, window.limit);
  return { emailIds: result.slice(start, end).map(({ emailId }) => emailId), position: start, total, anchorFound: true };
}

function firstOfEachThread(sorted: readonly SortedEmail[]): SortedEmail[] {
  const seen = new Set<SortedEmail['thread']>();
  return sorted.filter(({ thread }) => !seen.has(thread) && seen.add(thread));
}

function startOf(result: readonly SortedEmail[], { anchor, position }: QueryWindow): number | null {
  if (!anchor) return position < 0 ? Math.max(0, result.length + position) : position;
  const index = result.findIndex(({ emailId }) => emailId === anchor.emailId);
  return index < 0 ? null : Math.max(0, index + anchor.offset);
}
