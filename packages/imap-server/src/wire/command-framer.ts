// Cuts the octets of a connection into commands: lines, and the literals within them. It knows nothing of verbs except
// that APPEND and REPLACE may carry messages, and it holds at most one command, within the limits in force when it is asked.
//
// It is asked (`next`) rather than it tells, so that limits raised by a LOGIN already count for a command that came in
// the same packet, and so that a caller that stops asking stops reading. CRLF is the rule; a bare LF ends a line too.

import { parseLiteralHeader, type LiteralHeader } from './literal.js';

/** A stretch of a command: text, and the literal that follows it. Text is one character per octet. */
export interface Segment {
  text: string;
  literal: Uint8Array | null;
  isLiteral8: boolean;
}

export type Frame =
  | { kind: 'command'; segments: readonly Segment[] }
  /** The peer waits for a continuation request (RFC 3501 §7.5) before it sends a literal. */
  | { kind: 'literalAnnounced' }
  /** The command is dropped. `isInStep`: what follows is a new command; otherwise the connection cannot go on. */
  | { kind: 'refused'; tag: string; refusal: 'lineTooLong' | 'literalTooLarge'; isInStep: boolean };

export interface FrameLimits {
  /** Octets of text in one command, all its lines together. */
  maxLineBytes: number;
  /** Octets of all literals of any other command. */
  maxLiteralBytes: number;
  /** Octets of all literals of one APPEND or REPLACE. */
  maxAppendBytes: number;
}

/** Before log-in: enough for a LOGIN or AUTHENTICATE with long names, and little for a stranger to fill memory with. */
export const STRANGER_LIMITS: FrameLimits = { maxLineBytes: 4096, maxLiteralBytes: 1024, maxAppendBytes: 0 };

/** Literals in one command. Each costs a round trip or an object; no real command has more than a few. */
const MAX_LITERALS = 64;
const LF = 0x0a;

export class CommandFramer {
  limits: FrameLimits = STRANGER_LIMITS;
  #chunks: Uint8Array[] = [];
  #line = '';
  #lineBytes = 0;
  #literalBytes = 0;
  #segments: Segment[] = [];
  #literal: { octets: Uint8Array; filled: number } | null = null;

  /** Gives octets in; they are kept, not copied, until `next` has passed them. */
  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** Nothing has come that was not given out. */
  get isEmpty(): boolean {
    return this.#chunks.length === 0 && this.#lineBytes === 0 && !this.#literal;
  }

  /** The next frame, or null when more octets are needed. */
  next(): Frame | null {
    for (;;) {
      if (this.#literal && !this.#fillLiteral()) return null;
      const isWholeLine = this.#readLine();
      if (this.#lineBytes > this.limits.maxLineBytes) return this.#refuse('lineTooLong', false);
      if (!isWholeLine) return null;
      const frame = this.#endLine();
      if (frame) return frame;
    }
  }

  #fillLiteral(): boolean {
    const literal = this.#literal!;
    while (literal.filled < literal.octets.length) {
      const chunk = this.#chunks[0];
      if (!chunk) return false;
      const taken = chunk.subarray(0, literal.octets.length - literal.filled);
      literal.octets.set(taken, literal.filled);
      literal.filled += taken.length;
      this.#consume(taken.length);
    }
    this.#literal = null;
    return true;
  }

  /** Moves octets up to LF into the line. False when the LF has not come yet. */
  #readLine(): boolean {
    for (;;) {
      const chunk = this.#chunks[0];
      if (!chunk) return false;
      const end = chunk.indexOf(LF);
      const room = this.limits.maxLineBytes - this.#lineBytes + 1;
      const length = Math.min(end < 0 ? chunk.length : end + 1, room);
      this.#line += Buffer.from(chunk.buffer, chunk.byteOffset, length).toString('latin1');
      this.#lineBytes += length;
      this.#consume(length);
      if (length === end + 1) return true;
      if (length === room) return false;
    }
  }

  #endLine(): Frame | null {
    const line = this.#line.replace(/\r?\n$/, '');
    this.#line = '';
    const header = parseLiteralHeader(line);
    if (header) return this.#announce(line, header);
    const segments = [...this.#segments, { text: line, literal: null, isLiteral8: false }];
    this.#reset();
    return { kind: 'command', segments };
  }

  #announce(line: string, header: LiteralHeader): Frame | null {
    const isAppend = APPEND.test(this.#segments[0]?.text ?? line);
    const maxBytes = isAppend ? Math.max(this.limits.maxAppendBytes, this.limits.maxLiteralBytes) : this.limits.maxLiteralBytes;
    this.#literalBytes += header.sizeBytes;
    if (this.#literalBytes > maxBytes || this.#segments.length === MAX_LITERALS) {
      if (this.#segments.length === 0) this.#line = line;
      // RFC 7888 §4: the octets of a non-synchronizing literal are on their way whatever we say.
      return this.#refuse('literalTooLarge', header.isSynchronizing);
    }
    const octets = new Uint8Array(header.sizeBytes);
    this.#segments.push({ text: line.slice(0, header.textLength), literal: octets, isLiteral8: header.isLiteral8 });
    this.#literal = { octets, filled: 0 };
    return header.isSynchronizing ? { kind: 'literalAnnounced' } : null;
  }

  #refuse(refusal: 'lineTooLong' | 'literalTooLarge', isInStep: boolean): Frame {
    const tag = TAG.exec(this.#segments[0]?.text ?? this.#line)?.[1] ?? '*';
    this.#reset();
    if (!isInStep) this.#chunks = [];
    return { kind: 'refused', tag, refusal, isInStep };
  }

  #reset(): void {
    this.#line = '';
    this.#lineBytes = 0;
    this.#literalBytes = 0;
    this.#segments = [];
    this.#literal = null;
  }

  #consume(length: number): void {
    const chunk = this.#chunks[0]!;
    if (length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(length);
  }
}

const APPEND = /^[^ ]+ (?:APPEND|(?:UID )?REPLACE) /i;
// tag = 1*<any ASTRING-CHAR except "+">     RFC 3501 §9
const TAG = /^([^\x00-\x20\x7f-\xff(){%*"\\+]{1,64}) /;
