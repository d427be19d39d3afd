// What a message says: as HTML for the frame, or as plain text for quoting.

import type { EmailBodyPart, EmailContent } from '../jmap/types.js';

const isHtml = ({ type }: EmailBodyPart): boolean => type.toLowerCase() === 'text/html';
const isText = ({ type }: EmailBodyPart): boolean => type.toLowerCase().startsWith('text/');

const valuesOf = ({ bodyValues }: EmailContent, parts: readonly EmailBodyPart[]): string[] =>
  parts.flatMap(({ partId }) => (partId === null ? [] : bodyValues[partId]?.value ?? []));

/** The HTML to show, or null when plain text says it all. */
export function htmlOf(content: EmailContent): string | null {
  const parts = content.htmlBody.filter(isHtml);
  return parts.length === 0 ? null : valuesOf(content, parts).join('\n');
}

/** Plain text; of a message that has only HTML, the words without the markup. */
export function textOf(content: EmailContent): string {
  const plain = content.textBody.filter((part) => isText(part) && !isHtml(part));
  if (plain.length > 0) return valuesOf(content, plain).join('\n').replaceAll('\r\n', '\n');
  return withoutMarkup(valuesOf(content, content.textBody.filter(isHtml)).join('\n'));
}

export const isTruncated = ({ bodyValues }: EmailContent): boolean => Object.values(bodyValues).some((value) => value.isTruncated);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Good enough to quote from, never shown as HTML: the app's document must not parse a mail's markup, not even to read it.
 * Hidden text is in it too; the user sees the quote before it is sent.
 */
function withoutMarkup(html: string): string {
  return withoutSkippedElements(html)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<(?:br|\/p|\/div|\/tr|\/h[1-6]|\/li|\/blockquote)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/gi, decodeEntity)
    .trim();
}

/** Elements whose text is not for reading. One pass, so that thousands of unclosed ones cost no more than one. */
function withoutSkippedElements(html: string): string {
  const opening = /<(style|script|head|title)\b|<!--/gi;
  const lowerCase = html.toLowerCase();
  let text = '';
  let position = 0;
  for (let match = opening.exec(html); match; match = opening.exec(html)) {
    text += html.slice(position, match.index);
    const closing = match[1] ? `</${match[1].toLowerCase()}` : '--';
    const end = lowerCase.indexOf('>', indexOrEnd(lowerCase, closing, match.index));
    position = end === -1 ? html.length : end + 1;
    opening.lastIndex = position;
  }
  return text + html.slice(position);
}

function indexOrEnd(text: string, searched: string, from: number): number {
  // `<!--` is four characters long; its own dashes do not close it.
  const index = text.indexOf(searched, from + 4);
  return index === -1 ? text.length : index;
}

function decodeEntity(entity: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? entity;
  const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '';
}
