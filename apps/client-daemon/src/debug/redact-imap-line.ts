// One line of an IMAP dialogue without what belongs to the user: literals, quoted strings, and every word that is not of IMAP itself are
// shown by their length, `‹12›`. What is shown is a list of what may be, not one of what may not (imap-words.ts).

import { LITERAL_MARK } from './imap-lines.js';
import { BEFORE_TEXT, isShownQuoted, isShownWord, NAMING_MAILBOXES, SEARCHING } from './imap-words.js';

/** A tag that a program makes by counting; anything else in its place may be a credential. */
const TAG = /^[A-Za-z]{0,6}\.?\d{0,8}$/;
const NUMBERS = /^[\d:,*$+<>-]{1,200}$/;
/** `<0.100>` is a part of a body (RFC 9051 §6.4.5). */
const PARTIAL = /^<\d+(?:\.\d+)?>$/;
const TOKEN = /\0\d+\0|<\d+(?:\.\d+)?>|"(?:\\.|[^"\\])*"?|[()[\]<>]|[^\s()[\]<>"\0]+|\s+/g;
/** `* OK [CODE …] text`, `a1 NO text`: the text is one of the server's own sentences. */
const STATUS = /^(\S+ (?:OK|NO|BAD|BYE|PREAUTH))( \[[^\]]*\])?( .*)?$/;

const BEFORE_MAILBOX_A_SET = new Set(['COPY', 'MOVE', 'REPLACE']);

const hidden = (text: string): string => `‹${text.length}›`;

/** What the client said. A line of one word is an answer to AUTHENTICATE, or ends IDLE. */
export function redactClientLine(line: string): string {
  const [tag = '', ...rest] = line.split(' ');
  if (rest.length === 0) return line.toUpperCase() === 'DONE' ? line : hidden(line);
  return `${TAG.test(tag) ? tag : hidden(tag)} ${redactTokens(rest.join(' '))}`;
}

/** What the server said. */
export function redactServerLine(line: string): string {
  const status = STATUS.exec(line);
  if (status) return [redactTag(status[1]!), status[2] && redactTokens(status[2]), status[3] && withoutQuotes(status[3])].join('');
  if (line.startsWith('+')) return /^\+ (?:go ahead|idling)?$/.test(line) ? line : `+ ${hidden(line.slice(2))}`;
  return line.startsWith('* ') ? `* ${redactTokens(line.slice(2))}` : hidden(line);
}

/** Which command or response it is: the first word that is no number, and the one behind `UID`. */
function nameOf(text: string): string {
  const [first = '', second = ''] = text.split(' ').filter((word) => !/^\d+$/.test(word)).map((word) => word.toUpperCase());
  return first === 'UID' ? second : first;
}

function redactTag(standing: string): string {
  const [tag = '', word = ''] = standing.split(' ');
  return `${tag === '*' || TAG.test(tag) ? tag : hidden(tag)} ${word}`;
}

function withoutQuotes(sentence: string): string {
  return sentence.replace(/"[^"]*"|\S*@\S*/g, hidden);
}

function redactTokens(text: string): string {
  const words = new WordsOfLine(text);
  return (text.match(TOKEN) ?? []).map((token) => {
    if (/^\s+$/.test(token)) return ' ';
    if (PARTIAL.test(token)) return token;
    return /^[()[\]<>]$/.test(token) ? words.bracket(token) : redactToken(token, words.next(token));
  }).join('');
}

interface Leave {
  mayShow: boolean;
  mayShowNumbers: boolean;
}

/** Where in a line a word stands, and so what may be shown of it. */
class WordsOfLine {
  readonly #name: string;
  /** Words before the arguments: the command, with its `UID`. */
  readonly #nameWords: number;
  #depth = 0;
  #count = 0;
  /** So many of the next words are the user's. */
  #toHide: number;

  constructor(text: string) {
    this.#name = nameOf(text);
    this.#nameWords = /^UID /i.test(text) ? 2 : 1;
    this.#toHide = this.#name === 'LOGIN' ? Infinity : 0;
  }

  bracket(token: string): string {
    this.#depth += /[([]/.test(token) ? 1 : /[)\]]/.test(token) ? -1 : 0;
    return token;
  }

  next(token: string): Leave {
    this.#count += 1;
    if (this.#count <= this.#nameWords) return { mayShow: true, mayShowNumbers: true };
    const mayShow = this.#toHide <= 0;
    this.#toHide -= 1;
    const word = token.toUpperCase();
    if (mayShow && SEARCHING.has(this.#name) && BEFORE_TEXT.has(word)) this.#toHide = word === 'HEADER' ? 2 : 1;
    return { mayShow, mayShowNumbers: !this.#mayNameMailbox() };
  }

  /** A mailbox may be called 2024. What COPY and its like begin with are messages. */
  #mayNameMailbox(): boolean {
    const isSet = BEFORE_MAILBOX_A_SET.has(this.#name) && this.#count === this.#nameWords + 1;
    return NAMING_MAILBOXES.has(this.#name) && this.#depth === 0 && !isSet;
  }
}

function redactToken(token: string, { mayShow, mayShowNumbers }: Leave): string {
  const literal = LITERAL_MARK.exec(token);
  if (literal) return `{${literal[1]} octets}`;
  if (token.startsWith('"')) {
    const content = token.replace(/^"|"$/g, '');
    return mayShow && isShownQuoted(content) ? token : `"${hidden(content)}"`;
  }
  if (NUMBERS.test(token)) return mayShow && mayShowNumbers ? token : hidden(token);
  return mayShow && isShownWord(token) ? token : hidden(token);
}
