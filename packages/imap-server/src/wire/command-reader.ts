// Reads the elements of a framed command one after another. A method named after a grammar element either gives that
// element or throws "syntax"; `try…` methods answer whether it was there. Lookahead is one character, so time is linear.

import { isUtf8 } from 'node:buffer';
import { ImapError } from '../imap-error.js';
import { parseDate, parseDateTime } from './date-time.js';
import { parseMailboxName } from './mailbox-name.js';
import { parseSequenceSet, type SequenceSet } from './sequence-set.js';
import type { Segment } from './command-framer.js';

// RFC 3501 §9. ATOM-CHAR = any CHAR except "(" ")" "{" SP CTL "%" "*" DQUOTE "\" "]"
const ATOM = /[^\x00-\x20\x7f-\xff(){%*"\\\]]+/y;
const ASTRING_ATOM = /[^\x00-\x20\x7f-\xff(){%*"\\]+/y;          // ASTRING-CHAR = ATOM-CHAR / "]"
const LIST_ATOM = /[^\x00-\x20\x7f-\xff(){"\\]+/y;               // list-char = ATOM-CHAR / "%" / "*" / "]"
const TAG = /[^\x00-\x20\x7f-\xff(){%*"\\+]+/y;
const FLAG = /\\?[^\x00-\x20\x7f-\xff(){%*"\\\]]+/y;
const NUMBER = /\d{1,19}/y;
const SEQUENCE_SET = /[\d:,*]+|\$/y;
const SEQUENCE_NUMBER = /\d+|\*/y;
// quoted = DQUOTE *QUOTED-CHAR DQUOTE; octets over 127 are UTF-8 (RFC 6855 §3) and taken from everybody
const QUOTED = /"((?:[^"\\\x00\r\n]|\\["\\])*)"/y;

const MAX_UINT32 = 4_294_967_295;
/** Tags come back in every answer. */
const MAX_TAG_CHARS = 64;
/** Flags in one list. Every keyword is stored, synced and sent again in each FLAGS answer. */
const MAX_FLAGS = 128;
/** Nesting of parentheses. Without it a line of 60 000 `(` would exhaust the stack. */
export const MAX_NESTING = 32;

export class CommandReader {
  #index = 0;
  #offset = 0;

  /** `isUtf8`: mailbox names come as UTF-8 and no longer as modified UTF-7 (RFC 6855 §3, RFC 9051 §5.1). */
  constructor(readonly segments: readonly Segment[], private readonly encoding = { isUtf8: false }) {}

  get isAtEnd(): boolean {
    return this.#offset === this.#text.length && this.#index === this.segments.length - 1;
  }

  /** All words were read. @throws {ImapError} "syntax" */
  end(): void {
    if (!this.isAtEnd) this.fail('end of command');
  }

  fail(expected: string): never {
    throw new ImapError('syntax', `${expected} expected at octet ${this.#offset}${this.#index > 0 ? ` after literal ${this.#index}` : ''}`);
  }

  /** True, and passed, when the text goes on with this character. */
  tryChar(character: string): boolean {
    if (this.#text[this.#offset] !== character) return false;
    this.#offset += 1;
    return true;
  }

  char(character: string): void {
    if (!this.tryChar(character)) this.fail(character === ' ' ? 'space' : character);
  }

  space(): void {
    this.char(' ');
  }

  /** True, and passed, when the text goes on with these characters in any case. */
  tryWord(characters: string): boolean {
    const next = this.#text.slice(this.#offset, this.#offset + characters.length);
    if (next.toUpperCase() !== characters) return false;
    this.#offset += characters.length;
    return true;
  }

  startsWith(character: string): boolean {
    return this.#text[this.#offset] === character;
  }

  get atSequenceSet(): boolean {
    return /[\d*$]/.test(this.#text[this.#offset] ?? '');
  }

  get atDigit(): boolean {
    return /\d/.test(this.#text[this.#offset] ?? '');
  }

  tag(): string {
    const tag = this.#match(TAG) ?? this.fail('tag');
    return tag.length <= MAX_TAG_CHARS ? tag : this.fail('shorter tag');
  }

  atom(): string {
    return this.#match(ATOM) ?? this.fail('atom');
  }

  /** An atom in upper case, for the words of the protocol. */
  word(): string {
    return this.atom().toUpperCase();
  }

  /** What a sticky pattern matches here: for elements that end at other characters than atoms do. */
  matchText(pattern: RegExp, expected: string): string {
    return this.#match(pattern) ?? this.fail(expected);
  }

  /** The same, in upper case. */
  matchWord(pattern: RegExp, expected: string): string {
    return this.matchText(pattern, expected).toUpperCase();
  }

  number(): number {
    const value = Number(this.#match(NUMBER) ?? this.fail('number'));
    return value <= MAX_UINT32 ? value : this.fail('32-bit number');
  }

  /** number64, RFC 9051 §9; beyond 2^53 all are larger than anything there is. */
  number64(): number {
    return Math.min(Number(this.#match(NUMBER) ?? this.fail('number')), Number.MAX_SAFE_INTEGER);
  }

  /** mod-sequence-value: up to 63 bits (RFC 7162 §7); beyond 2^53 all are later than anything we gave. */
  modSeq(): number {
    return Math.min(Number(this.#match(NUMBER) ?? this.fail('mod-sequence')), Number.MAX_SAFE_INTEGER);
  }

  sequenceSet(): SequenceSet {
    return parseSequenceSet(this.#match(SEQUENCE_SET) ?? this.fail('sequence set'));
  }

  /** One message: seq-number. */
  sequenceNumber(): SequenceSet {
    return parseSequenceSet(this.#match(SEQUENCE_NUMBER) ?? this.fail('sequence number'));
  }

  /** Octets of a literal; null when what comes is not one. The caller may keep them. */
  tryLiteral(): Uint8Array | null {
    return this.segments[this.#index]!.isLiteral8 ? null : this.#tryAnyLiteral();
  }

  /** literal / literal8: octets of any value. */
  anyLiteral(): Uint8Array {
    return this.#tryAnyLiteral() ?? this.fail('literal');
  }

  /** quoted / literal, as UTF-8 text */
  string(): string {
    return this.#tryString() ?? this.fail('string');
  }

  astring(): string {
    return this.#tryString() ?? this.#match(ASTRING_ATOM) ?? this.fail('astring');
  }

  nstring(): string | null {
    return this.#tryString() ?? (this.word() === 'NIL' ? null : this.fail('nstring'));
  }

  /** nstring / literal8 as octets. */
  nilOctets(): Uint8Array | null {
    const literal = this.#tryAnyLiteral();
    if (literal) return literal;
    const text = this.nstring();
    return text === null ? null : Buffer.from(text, 'utf8');
  }

  mailbox(): string {
    return this.writtenMailbox().name;
  }

  /** A mailbox name as the store knows it, and as it was written (RFC 9051 §5.1: in UTF-8 several spellings may be one name). */
  writtenMailbox(): { name: string; written: string } {
    const written = this.astring();
    return { name: parseMailboxName(written, this.encoding), written };
  }

  listMailbox(): string {
    return parseMailboxName(this.#tryString() ?? this.#match(LIST_ATOM) ?? this.fail('list-mailbox'), this.encoding);
  }

  /** date = date-text / DQUOTE date-text DQUOTE, as the start of the day in UTC */
  date(): number {
    return parseDate(this.#tryQuoted() ?? this.atom()) ?? this.fail('date');
  }

  dateTime(): number {
    return parseDateTime(this.#tryQuoted() ?? this.fail('date-time')) ?? this.fail('date-time');
  }

  flag(): string {
    return this.#match(FLAG) ?? this.fail('flag');
  }

  /** flag-list = "(" [flag *(SP flag)] ")" */
  flagList(): string[] {
    return this.list(() => this.flag(), { maxItems: MAX_FLAGS, mayBeEmpty: true });
  }

  /** One item or more between parentheses, separated by single spaces. */
  list<T>(item: () => T, { maxItems = 1000, mayBeEmpty = false } = {}): T[] {
    this.char('(');
    if (mayBeEmpty && this.tryChar(')')) return [];
    const items = this.items(item, maxItems);
    this.char(')');
    return items;
  }

  /** One item or more, separated by single spaces. */
  items<T>(item: () => T, maxItems = 1000): T[] {
    const items = [item()];
    while (this.tryChar(' ')) {
      if (items.length === maxItems) this.fail('fewer items');
      items.push(item());
    }
    return items;
  }

  get #text(): string {
    return this.segments[this.#index]!.text;
  }

  #match(pattern: RegExp, group = 0): string | null {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text);
    if (!match) return null;
    this.#offset = pattern.lastIndex;
    return match[group]!;
  }

  #tryAnyLiteral(): Uint8Array | null {
    const segment = this.segments[this.#index]!;
    if (this.#offset !== segment.text.length || !segment.literal) return null;
    this.#index += 1;
    this.#offset = 0;
    return segment.literal;
  }

  #tryString(): string | null {
    const literal = this.tryLiteral();
    return literal ? Buffer.from(literal.buffer, literal.byteOffset, literal.length).toString('utf8') : this.#tryQuoted();
  }

  #tryQuoted(): string | null {
    const quoted = this.#match(QUOTED, 1);
    if (quoted === null) return null;
    const octets = Buffer.from(quoted.replace(/\\(["\\])/g, '$1'), 'latin1');
    return isUtf8(octets) ? octets.toString('utf8') : this.fail('UTF-8'); // RFC 6855 §3
  }
}
