// Parameters for writing, RFC 2045 §5.1 and RFC 2231. Each stands on a line of its own, so that no line grows long.

import { encodeUtf8 } from '../octets/octets.js';
import { quoteString } from './address-list.js';
import type { RawParameter } from './parameterized-value.js';

/** Characters of one section of a continued value. */
const SECTION_CHARS = 60;

/** `; name=value`, with RFC 2231 charset and continuations where the value needs them. Folded, no line end after it. */
export function formatParameter(name: string, value: string): string {
  if (/^[\x20-\x7e]*$/.test(value) && value.length <= SECTION_CHARS) return `;\r\n ${name}=${quoteString(value)}`;
  const sections = cutSections(`utf-8''${[...encodeUtf8(value)].map(percentEncode).join('')}`);
  if (sections.length === 1) return `;\r\n ${name}*=${sections[0]}`;
  return sections.map((section, index) => `;\r\n ${name}*${index}*=${section}`).join('');
}

/** A parameter that was read before, written again with the same meaning. */
export function formatRawParameter([name, value]: RawParameter): string {
  return `;\r\n ${name}=${name.endsWith('*') ? value : quoteString(value)}`;
}

/** attribute-char, RFC 2231 §7. */
function percentEncode(octet: number): string {
  const character = String.fromCharCode(octet);
  return /[A-Za-z0-9!#$&+.^_`{|}~-]/.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Never cuts inside a `%XX`. */
function cutSections(encoded: string): string[] {
  return encoded.match(new RegExp(`(?:%[0-9A-F]{2}|[^%]){1,${SECTION_CHARS / 3}}`, 'g')) ?? [];
}
