// Texts of the body parts, RFC 8621 §4.1.4 (EmailBodyValue) and §4.2 (what to fetch, how much of it).

import { decodeCharset, decodeTransferEncoding, isMultipart, selectBodyParts, withoutLegacyDisplay } from '@paloma/mail-format';
import type { MessagePart } from '@paloma/shared-model';
import { JmapError } from '../jmap-error.js';
import type { EmailSource } from './email-source.js';
import { partIdOf } from './part-id.js';

export interface BodyValueOptions {
  readonly fetchTextBodyValues: boolean;
  readonly fetchHTMLBodyValues: boolean;
  readonly fetchAllBodyValues: boolean;
  /** Octets of UTF-8; 0: all. */
  readonly maxBodyValueBytes: number;
}

export interface BodyValue {
  value: string;
  isEncodingProblem: boolean;
  isTruncated: boolean;
}

/** Octets that the body values of one call may still take. */
export interface BodyValueBudget {
  remainingBytes: number;
}

/** @throws {JmapError} "requestTooLarge" when the budget is used up */
export async function bodyValues(source: EmailSource, options: BodyValueOptions, budget: BodyValueBudget): Promise<Record<string, BodyValue>> {
  const values: Record<string, BodyValue> = {};
  for (const part of wantedParts(source.rootPart, options)) {
    budget.remainingBytes -= Math.min(part.bodyBytes, options.maxBodyValueBytes || part.bodyBytes);
    if (budget.remainingBytes < 0) throw new JmapError('requestTooLarge', 'the body values are too large together');
    values[partIdOf(part) ?? ''] = await bodyValue(part, source, options.maxBodyValueBytes);
  }
  return values;
}

function wantedParts(rootPart: MessagePart, options: BodyValueOptions): MessagePart[] {
  const { textBody, htmlBody } = selectBodyParts(rootPart);
  const wanted = new Set<MessagePart>([
    ...(options.fetchTextBodyValues ? textBody : []),
    ...(options.fetchHTMLBodyValues ? htmlBody : []),
    ...(options.fetchAllBodyValues ? leavesOf(rootPart) : []),
  ]);
  return [...wanted].filter(({ mediaType }) => mediaType.startsWith('text/'));
}

/** Leaves of this message, not of messages attached to it. */
function leavesOf(part: MessagePart): MessagePart[] {
  return isMultipart(part) ? part.children.flatMap(leavesOf) : [part];
}

async function bodyValue(part: MessagePart, source: EmailSource, maxBytes: number): Promise<BodyValue> {
  const octets = decodeTransferEncoding(await source.load(part.bodyOffset, part.bodyBytes), part.transferEncoding);
  const charset = part.parameters['charset'] ?? '';
  const text = withoutLegacyDisplay(decodeCharset(octets, charset), part, source.rootPart).replaceAll('\r\n', '\n');
  const value = maxBytes > 0 ? truncate(text, maxBytes, part.mediaType === 'text/html') : text;
  const isEncodingProblem = text.includes('\ufffd') || !isKnownCharset(charset) || !isKnownEncoding(part.transferEncoding);
  return { value, isEncodingProblem, isTruncated: value.length < text.length };
}

/** Never within a character and, in HTML, never within a tag (RFC 8621 §4.2). */
function truncate(text: string, maxBytes: number, isHtml: boolean): string {
  const octets = new Uint8Array(maxBytes);
  const { read } = new TextEncoder().encodeInto(text, octets);
  const cut = text.slice(0, read);
  const openTag = cut.lastIndexOf('<');
  const isWithinTag = isHtml && read < text.length && openTag > cut.lastIndexOf('>');
  return isWithinTag ? cut.slice(0, openTag) : cut;
}

/** By the Encoding Standard; no label at all is no problem. */
function isKnownCharset(label: string): boolean {
  try {
    return label === '' || new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function isKnownEncoding(transferEncoding: string): boolean {
  return ['7bit', '8bit', 'binary', 'base64', 'quoted-printable'].includes(transferEncoding);
}
