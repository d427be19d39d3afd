// The structure of a message: RFC 5322 header blocks, RFC 2046 multiparts and embedded messages, as offsets into the
// octets. One pass over the lines, at most MAX_NESTING levels deep, so the time is linear in the octets. Nothing is
// rejected: mail that breaks the rules must still be stored, shown and given back octet for octet.

import type { MessagePart } from '@paloma/shared-model';
import { fieldNameEnd, parseHeaderBlock, type HeaderField } from '../header/header-field.js';
import { LineCursor } from '../octets/line-cursor.js';
import { CR, encodeUtf8, LF, startsWithOctets } from '../octets/octets.js';
import { MAX_HEADER_BLOCK_BYTES, MAX_NESTING, MAX_PARTS, MAX_PART_TREE_TEXT_CHARS } from '../limits.js';
import { BoundaryStack, type DelimiterMatch } from './boundary-stack.js';
import { numberParts } from './part-numbers.js';
import { readPartFacts, type PartFacts } from './part-facts.js';

export interface ParsedMessage {
  /** The header block with its empty line is octets [0, headerEndOffset). */
  headerEndOffset: number;
  headers: HeaderField[];
  rootPart: MessagePart;
}

/** What is not looked into has this type. */
const OPAQUE_TYPE = 'application/octet-stream';
const NO_FACTS: PartFacts = { mediaType: OPAQUE_TYPE, parameters: {}, contentId: null, disposition: null, filename: null, transferEncoding: 'binary' };
/** What one level adds to a part number, as a rule. */
const PART_NUMBER_LEVEL_CHARS = 2;
const IDENTITY_ENCODINGS = new Set(['7bit', '8bit', 'binary']);
/** Separators that mailbox files leave on top of a message; they are no header field and no body. */
const MBOX_LINES = [encodeUtf8('From '), encodeUtf8('>From ')];

/** Parses any octets at all. Offsets in the result are from the start of `octets`, which is not kept. */
export function parseMessage(octets: Uint8Array): ParsedMessage {
  const parser = new MessageParser(octets);
  const rootPart = parser.readPart({ defaultType: 'text/plain', nesting: 0 });
  numberParts(rootPart);
  const headers = parseHeaderBlock(octets.subarray(0, rootPart.bodyOffset));
  return { headerEndOffset: rootPart.bodyOffset, headers, rootPart };
}

interface PartContext {
  defaultType: string;
  nesting: number;
}

/** A delimiter line that ended one or more parts. */
interface Stop extends DelimiterMatch {
  /** Octets before the delimiter, without the line end that belongs to it (RFC 2046 §5.1.1). */
  bodyEnd: number;
}

class MessageParser {
  readonly #cursor: LineCursor;
  readonly #boundaries = new BoundaryStack();
  #parts = 0;
  #treeTextChars = 0;
  /** The delimiter last read that its multipart has not dealt with yet; `null` at the end of the octets. */
  #stop: Stop | null = null;

  constructor(private readonly octets: Uint8Array) {
    this.#cursor = new LineCursor(octets);
  }

  readPart(context: PartContext): MessagePart {
    this.#parts += 1;
    this.#stop = null;
    const headerOffset = this.#cursor.position;
    if (this.#parts >= MAX_PARTS) return this.#readRest(headerOffset);
    const isBodyNext = this.#skipHeader();
    const bodyOffset = this.#stop === null ? this.#cursor.position : this.#cursor.lineStart;
    const facts = this.#readFacts(headerOffset, bodyOffset, context);
    const part = { ...facts, partNumber: '', headerOffset, bodyOffset, bodyBytes: 0, bodyLines: 0, children: [] };
    if (!isBodyNext) part.mediaType = OPAQUE_TYPE;
    const firstLine = this.#cursor.linesRead;
    if (this.#stop === null) this.#readBody(part, context);
    this.#measureBody(part, firstLine);
    return part;
  }

  #readBody(part: MessagePart, context: PartContext): void {
    const isNestingLeft = context.nesting < MAX_NESTING;
    if (part.mediaType.startsWith('multipart/')) {
      if (isNestingLeft && (part.parameters['boundary'] ?? '').trim() !== '') this.#readMultipart(part, context);
      else this.#readOpaque(part, isNestingLeft ? 'text/plain' : OPAQUE_TYPE);
    } else if (/^message\/(?:rfc822|global)$/.test(part.mediaType) && IDENTITY_ENCODINGS.has(part.transferEncoding)) {
      if (isNestingLeft) part.children.push(this.readPart({ defaultType: 'text/plain', nesting: context.nesting + 1 }));
      else this.#readOpaque(part, OPAQUE_TYPE);
    } else {
      this.#skipToDelimiter();
    }
  }

  #readMultipart(part: MessagePart, context: PartContext): void {
    const level = this.#boundaries.depth;
    this.#boundaries.push((part.parameters['boundary'] ?? '').trimEnd());
    this.#skipToDelimiter();
    const defaultType = part.mediaType === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    while (this.#isAtDelimiter(level, false)) part.children.push(this.readPart({ defaultType, nesting: context.nesting + 1 }));
    this.#boundaries.pop();
    if (this.#isAtDelimiter(level, true)) this.#skipToDelimiter();
    if (part.children.length === 0) part.mediaType = 'text/plain';
  }

  #readOpaque(part: MessagePart, mediaType: string): void {
    part.mediaType = mediaType;
    this.#skipToDelimiter();
  }

  /** Past MAX_PARTS: everything to the end, header and all, is one body. */
  #readRest(offset: number): MessagePart {
    this.#boundaries.clear();
    const firstLine = this.#cursor.linesRead;
    this.#skipToDelimiter();
    const part = { ...NO_FACTS, partNumber: '', headerOffset: offset, bodyOffset: offset, bodyBytes: 0, bodyLines: 0, children: [] };
    this.#measureBody(part, firstLine);
    return part;
  }

  /** Moves to the first octet of the body, or to a delimiter that stands in the header. False when the header is over its limit. */
  #skipHeader(): boolean {
    const cursor = this.#cursor;
    const start = cursor.position;
    for (let isFirst = true; cursor.next(); isFirst = false) {
      if (cursor.isLineEmpty || this.#checkDelimiter()) return true;
      const isHeaderless = isFirst && !this.#isHeaderLine();
      const isTooLong = cursor.position - start > MAX_HEADER_BLOCK_BYTES;
      if (!isHeaderless && !isTooLong) continue;
      cursor.unread();
      return isHeaderless;
    }
    return true;
  }

  #isHeaderLine(): boolean {
    const { lineStart, lineEnd } = this.#cursor;
    return fieldNameEnd(this.octets, lineStart, lineEnd) > 0 || MBOX_LINES.some((mark) => startsWithOctets(this.octets, mark, lineStart));
  }

  #skipToDelimiter(): void {
    this.#stop = null;
    while (this.#cursor.next()) {
      if (this.#checkDelimiter()) return;
    }
  }

  #checkDelimiter(): boolean {
    const { lineStart, lineEnd } = this.#cursor;
    const match = this.#boundaries.match(this.octets, lineStart, lineEnd);
    if (match !== null) this.#stop = { ...match, bodyEnd: beforeLineEnd(this.octets, lineStart) };
    return match !== null;
  }

  #isAtDelimiter(level: number, isClose: boolean): boolean {
    return this.#stop !== null && this.#stop.level === level && this.#stop.isClose === isClose;
  }

  #measureBody(part: MessagePart, firstLine: number): void {
    const end = this.#stop === null ? this.octets.length : this.#stop.bodyEnd;
    part.bodyBytes = Math.max(0, end - part.bodyOffset);
    const lines = this.#cursor.linesRead - firstLine - (this.#stop === null ? 0 : 1);
    const endsInEmptyLine = this.#stop !== null && this.octets[end - 1] === LF;
    part.bodyLines = part.bodyBytes === 0 ? 0 : lines - (endsInEmptyLine ? 1 : 0);
  }

  #readFacts(start: number, end: number, context: PartContext): PartFacts {
    const facts = readPartFacts(parseHeaderBlock(this.octets.subarray(start, end)), context.defaultType);
    this.#treeTextChars += context.nesting * PART_NUMBER_LEVEL_CHARS + treeTextChars(facts);
    if (this.#treeTextChars <= MAX_PART_TREE_TEXT_CHARS) return facts;
    return { ...NO_FACTS, transferEncoding: facts.transferEncoding };
  }
}

function treeTextChars(facts: PartFacts): number {
  const parameters = Object.entries(facts.parameters).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return parameters + facts.mediaType.length + (facts.contentId?.length ?? 0) + (facts.disposition?.length ?? 0) + (facts.filename?.length ?? 0);
}

function beforeLineEnd(octets: Uint8Array, lineStart: number): number {
  if (lineStart === 0) return 0;
  return octets[lineStart - 2] === CR ? lineStart - 2 : lineStart - 1;
}
