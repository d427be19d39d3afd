// One line of an IMAP dialogue without what belongs to the user: literals, quoted strings, and every word that is not of IMAP itself are
// shown by their length, `‹12›`. What is shown is a list of what may be, not one of what may not (imap-words.ts).

import { LITERAL_MARK } from './imap-lines.js';
import { BEFORE_TEXT, isShownQuoted, isShownWord, NAMING_MAILBOXES, SEARCHING } from './imap-words.js';

/** A tag that a program makes by counting; anything else in its place may be a credential. */
const TAG = /^[A-Za-z]{0,6}\.?\d{0,8}$/;
const NUMBERS = /^[\d:,*$+<>-]{1,200}$/;
const TOKEN = /\0\d+\0|"(?:\\.|[^"\\])*"?|[()[\]<>]|[^\s()[\]<>"\0]+|\s+/g;
/** `* OK [CODE …] text`, `a1 NO text`: the text is one of the server's own sentences. */
const STATUS = /^(\S+ (?:OK|NO|BAD|BYE|PREAUTH))( \[[^\]]*\])?( .*)?$/;

const hidden = (text: string): string => `‹${text.length}›`;

/** What the client said. `isCredential`: it answers a challenge of AUTHENTICATE. */
export function redactClientLine(line: string, { isCredential = false } = {}): string {
  if (isCredential) return hidden(line);
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
export function nameOf(text: string): string {
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
  const name = nameOf(text);
  const hidesNumbers = NAMING_MAILBOXES.has(name);
  let [depth, place, toHide] = [0, 0, name === 'LOGIN' ? Infinity : 0];
  const redacted = (text.match(TOKEN) ?? []).map((token) => {
    if (/^\s+$/.test(token)) return ' ';
    if (/^[()[\]<>]$/.test(token)) {
      depth += /[([]/.test(token) ? 1 : /[)\]]/.test(token) ? -1 : 0;
      return token;
    }
    const isName = place++ <= (text.toUpperCase().startsWith('UID ') ? 1 : 0);
    // The numbers of COPY and MOVE, and the one in front of a response, come before any mailbox.
    const isNumberHidden = hidesNumbers && depth === 0 && !isName && !(/^(?:COPY|MOVE|REPLACE)$/.test(name) && place === 2 + Number(text.toUpperCase().startsWith('UID ')));
    const mayShow = isName || toHide <= 0;
    toHide -= 1;
    if (SEARCHING.has(name) && BEFORE_TEXT.has(token.toUpperCase()) && mayShow) toHide = token.toUpperCase() === 'HEADER' ? 2 : 1;
    return redactToken(token, { mayShow, mayShowNumbers: !isNumberHidden });
  });
  return redacted.join('');
}

function redactToken(token: string, { mayShow, mayShowNumbers }: { mayShow: boolean; mayShowNumbers: boolean }): string {
  const literal = LITERAL_MARK.exec(token);
  if (literal) return `{${literal[1]} octets}`;
  if (token.startsWith('"')) {
    const content = token.replace(/^"|"$/g, '');
    return mayShow && isShownQuoted(content) ? token : `"${hidden(content)}"`;
  }
  if (NUMBERS.test(token)) return mayShow && mayShowNumbers ? token : hidden(token);
  return mayShow && isShownWord(token) ? token : hidden(token);
}
