// Tokens of an address list, RFC 5322 §3.2 and §3.4. Every text has a reading: a string or comment that is never closed
// ends with the text, and octets that no rule allows are part of an atom.

export type AddressToken =
  | { kind: 'special'; text: '<' | '>' | '@' | ',' | ':' | ';' }
  | { kind: 'atom' | 'quoted' | 'comment' | 'domainLiteral'; text: string; isAfterSpace: boolean };

const SPECIALS = '<>@,:;';
const ATOM_END = /[\s<>@,:;"(]/g;

export function tokenizeAddressList(text: string): AddressToken[] {
  const tokens: AddressToken[] = [];
  let at = 0;
  while (at < text.length) {
    const spaceEnd = endOfSpace(text, at);
    if (spaceEnd === text.length) break;
    const [token, end] = readToken(text, spaceEnd, spaceEnd > at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

function readToken(text: string, at: number, isAfterSpace: boolean): [AddressToken, number] {
  const character = text.charAt(at);
  if (isSpecial(character)) return [{ kind: 'special', text: character }, at + 1];
  if (character === '"') {
    const [content, end] = readEscaped(text, at + 1, '"');
    return [{ kind: 'quoted', text: content, isAfterSpace }, end];
  }
  if (character === '(') {
    const [content, end] = readComment(text, at + 1);
    return [{ kind: 'comment', text: content, isAfterSpace }, end];
  }
  if (character === '[') return readDomainLiteral(text, at, isAfterSpace);
  const end = endOfAtom(text, at + 1);
  return [{ kind: 'atom', text: text.slice(at, end), isAfterSpace }, end];
}

function isSpecial(character: string): character is '<' | '>' | '@' | ',' | ':' | ';' {
  return SPECIALS.includes(character);
}

function endOfSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

function endOfAtom(text: string, start: number): number {
  ATOM_END.lastIndex = start;
  return ATOM_END.exec(text)?.index ?? text.length;
}

function readEscaped(text: string, start: number, close: string): [string, number] {
  let content = '';
  for (let at = start; at < text.length; at++) {
    if (text[at] === close) return [content, at + 1];
    if (text[at] === '\\') at += 1;
    content += text[at] ?? '';
  }
  return [content, text.length];
}

function readComment(text: string, start: number): [string, number] {
  let content = '';
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0) return [content.trim(), at + 1];
    if (character === '\\') at += 1;
    content += text[at] ?? '';
  }
  return [content.trim(), text.length];
}

/** How far the end of a domain literal is looked for. */
const MAX_DOMAIN_LITERAL_CHARS = 256;

/** `[…]` where a domain may stand; a bracket without its end is part of an atom, as in `[list] name`. */
function readDomainLiteral(text: string, at: number, isAfterSpace: boolean): [AddressToken, number] {
  const literalChars = text.slice(at, at + MAX_DOMAIN_LITERAL_CHARS).indexOf(']') + 1;
  const end = literalChars > 0 ? at + literalChars : endOfAtom(text, at + 1);
  return [{ kind: literalChars > 0 ? 'domainLiteral' : 'atom', text: text.slice(at, end), isAfterSpace }, end];
}
