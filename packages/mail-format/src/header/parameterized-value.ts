// `value; name=value; …` as in Content-Type (RFC 2045 §5.1) and Content-Disposition (RFC 2183), with the continuations
// and charsets of RFC 2231. Tolerant where senders are wrong in practice: unquoted spaces, missing quotes, comments.

import { decodeCharset } from '../octets/charset.js';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';
import { decodeHeaderText } from './encoded-word.js';
import { MAX_PARAMETERS, MAX_PARAMETER_VALUE_CHARS } from '../limits.js';

/** Parameters as they stand, in order: `filename*0*` and its like are not put together. IMAP shows them so. */
export type RawParameter = readonly [name: string, value: string];

export interface ParameterizedValue {
  /** Lower case, without comments. */
  value: string;
  rawParameters: RawParameter[];
  /** Names in lower case, RFC 2231 and RFC 2047 decoded. The first of a name counts. */
  parameters: Record<string, string>;
}

export function parseParameterizedValue(text: string): ParameterizedValue {
  const semicolon = text.indexOf(';');
  const head = semicolon < 0 ? text : text.slice(0, semicolon);
  const value = head.replace(/\(.*$/, '').trim().toLowerCase();
  const rawParameters = semicolon < 0 ? [] : scanParameters(text, semicolon + 1);
  return { value, rawParameters, parameters: decodeParameters(rawParameters) };
}

function scanParameters(text: string, start: number): RawParameter[] {
  const found: RawParameter[] = [];
  let at = start;
  while (at < text.length && found.length < MAX_PARAMETERS) {
    const end = endOfParameter(text, at);
    const parameter = readParameter(text.slice(at, end));
    if (parameter !== null) found.push(parameter);
    at = end + 1;
  }
  return found;
}

/** The next `;` outside a quoted string; a string that is never closed ends with the text. */
function endOfParameter(text: string, start: number): number {
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && isQuoted) at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === ';' && !isQuoted) return at;
  }
  return text.length;
}

function readParameter(text: string): RawParameter | null {
  const equals = text.indexOf('=');
  if (equals < 0) return null;
  const name = text.slice(0, equals).trim().toLowerCase();
  if (!/^[^\s"();:<>@,\\/[\]?=]{1,64}$/.test(name) || name === '__proto__') return null;
  return [name, readValue(text.slice(equals + 1).trim()).slice(0, MAX_PARAMETER_VALUE_CHARS)];
}

function readValue(text: string): string {
  if (!text.startsWith('"')) return text.slice(0, commentStart(text)).trimEnd();
  let value = '';
  for (let at = 1; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\') at += 1;
    value += text[at] ?? '';
  }
  return value;
}

function commentStart(text: string): number {
  const at = text.search(/[ \t]\(/);
  return at < 0 ? text.length : at;
}

interface Segment {
  index: number;
  isExtended: boolean;
  value: string;
}

function decodeParameters(raw: readonly RawParameter[]): Record<string, string> {
  const plain = new Map<string, string>();
  const segments = new Map<string, Segment[]>();
  for (const [name, value] of raw) {
    // name*[section][*]    RFC 2231 §7
    const match = /^([^*]+)\*(?:(\d{1,3})(\*?))?$/.exec(name);
    if (match === null) {
      if (!plain.has(name)) plain.set(name, decodeHeaderText(value));
      continue;
    }
    const segment = { index: Number(match[2] ?? 0), isExtended: match[2] === undefined || match[3] === '*', value };
    segments.set(match[1] ?? '', [...(segments.get(match[1] ?? '') ?? []), segment]);
  }
  for (const [name, list] of segments) plain.set(name, joinSegments(list));
  return Object.fromEntries(plain);
}

/** RFC 2231 §3 and §4: sections in order of their number up to the first gap; the first one names the charset. */
function joinSegments(list: Segment[]): string {
  const sorted = list.toSorted((left, right) => left.index - right.index);
  const first = sorted[0];
  const prefix = first?.isExtended === true ? /^([^']*)'[^']*'/.exec(first.value) : null;
  const octets: Uint8Array[] = [];
  for (const [index, segment] of sorted.entries()) {
    if (segment.index !== index) break;
    const value = index === 0 && prefix !== null ? segment.value.slice(prefix[0].length) : segment.value;
    octets.push(segment.isExtended ? decodePercent(value) : encodeUtf8(value));
  }
  return decodeCharset(concatOctets(octets), prefix?.[1] ?? '').replaceAll('\0', '');
}

function decodePercent(text: string): Uint8Array {
  const octets = encodeUtf8(text);
  const decoded: number[] = [];
  for (let at = 0; at < octets.length; at++) {
    const hex = octets[at] === 0x25 ? String.fromCharCode(octets[at + 1] ?? 0, octets[at + 2] ?? 0) : '';
    const isEscape = /^[0-9A-Fa-f]{2}$/.test(hex);
    decoded.push(isEscape ? Number.parseInt(hex, 16) : (octets[at] ?? 0));
    if (isEscape) at += 2;
  }
  return Uint8Array.from(decoded);
}
