import type { MessagePart } from '@paloma/shared-model';
import { MAX_PREVIEW_SOURCE_BYTES } from '../limits.js';
import { decodePartText } from './decode-part.js';
import { htmlToText } from './html-to-text.js';
import { withoutLegacyDisplay } from './legacy-display.js';
import { selectBodyParts } from './select-body-parts.js';

/**
 * The first words of a message on one line, at most `maxChars` UTF-16 code units. Plain text is preferred to HTML; empty
 * where there is neither. Only the first MAX_PREVIEW_SOURCE_BYTES of each body are looked at.
 */
export function previewText(octets: Uint8Array, rootPart: MessagePart, maxChars: number): string {
  const { textBody, htmlBody } = selectBodyParts(rootPart);
  for (const part of [...textBody, ...htmlBody].slice(0, 8)) {
    const line = onOneLine(readableText(octets, part, rootPart, maxChars * 8));
    if (line !== '') return cut(line, maxChars);
  }
  return '';
}

/** Text of a text part as it is shown, HTML read as text; empty for any other part. At most `maxChars` of it. */
export function readableText(octets: Uint8Array, part: MessagePart, rootPart: MessagePart, maxChars: number): string {
  if (!part.mediaType.startsWith('text/')) return '';
  const text = withoutLegacyDisplay(decodePartText(octets, part, MAX_PREVIEW_SOURCE_BYTES), part, rootPart);
  return part.mediaType === 'text/html' ? htmlToText(text, maxChars) : text.slice(0, maxChars);
}

/** White space and control characters run together; invisible fillers of preheaders go. */
function onOneLine(text: string): string {
  return text.replace(/[\u034f\u00ad\u200b-\u200f\u2060\ufeff]/g, '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Cuts without halving a surrogate pair. */
function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '');
}
