// What a search found, marked: RFC 8621 §5. The texts are HTML whose only element is <mark>; all else is escaped.

import type { EmailFilter } from '@paloma/mail-store/port';

export interface SearchTerms {
  readonly subject: readonly string[];
  readonly body: readonly string[];
}

/** Characters of a preview around what was found; RFC 8621 §5: at most 255 octets, markup included. */
const MAX_SNIPPET_BYTES = 255;
const LEAD_CHARS = 40;
const MAX_TERMS = 20;

/** Words that a filter looks for in subject and body. What stands under NOT is looked for nowhere. */
export function searchTerms(filter: EmailFilter | null): SearchTerms {
  const terms = { subject: new Set<string>(), body: new Set<string>() };
  if (filter) collectTerms(filter, terms);
  const list = (set: ReadonlySet<string>): string[] => [...set].filter((term) => term !== '').slice(0, MAX_TERMS);
  return { subject: list(terms.subject), body: list(terms.body) };
}

function collectTerms(filter: EmailFilter, terms: { subject: Set<string>; body: Set<string> }): void {
  if ('operator' in filter) {
    if (filter.operator !== 'NOT') for (const inner of filter.conditions) collectTerms(inner, terms);
    return;
  }
  for (const text of [filter.text, filter.subject]) if (text !== undefined) terms.subject.add(text.trim());
  for (const text of [filter.text, filter.body]) if (text !== undefined) terms.body.add(text.trim());
}

/** The whole text with what was found marked; null when nothing was. */
export function markAll(text: string, terms: readonly string[]): string | null {
  const pattern = patternOf(terms);
  return pattern && text.search(pattern) >= 0 ? formatMarked(text, pattern) : null;
}

/** A piece of the text around the first find; null when there is none. */
export function markedPiece(text: string, terms: readonly string[]): string | null {
  const pattern = patternOf(terms);
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const found = pattern ? line.search(pattern) : -1;
  if (!pattern || found < 0) return null;
  const start = Math.max(0, found - LEAD_CHARS);
  for (let length = MAX_SNIPPET_BYTES; length > 0; length -= 16) {
    const piece = formatMarked(line.slice(start, start + length).toWellFormed(), pattern);
    if (Buffer.byteLength(piece) <= MAX_SNIPPET_BYTES) return piece;
  }
  return null;
}

function patternOf(terms: readonly string[]): RegExp | null {
  return terms.length === 0 ? null : new RegExp(terms.map(escapePattern).join('|'), 'giu');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function formatMarked(text: string, pattern: RegExp): string {
  let marked = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    marked += `${escapeHtml(text.slice(end, match.index))}<mark>${escapeHtml(match[0])}</mark>`;
    end = match.index + match[0].length;
  }
  return marked + escapeHtml(text.slice(end));
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
