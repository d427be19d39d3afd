// Address lists, RFC 5322 §3.4, with the obsolete forms (§4.4) and what senders get wrong in practice.

import { decodeHeaderText } from './encoded-word.js';
import { tokenizeAddressList, type AddressToken } from './address-lexer.js';

/** One `mailbox` of RFC 5322 §3.4; the word is taken by IMAP here. */
export interface HeaderAddress {
  kind: 'address';
  /** Display name, decoded; from a comment where there is no other. */
  name: string | null;
  /** Display name before RFC 2047 decoding, as IMAP shows it. */
  rawName: string | null;
  /** Unquoted. */
  localPart: string;
  /** Empty where the sender wrote none. */
  domain: string;
  /** `localPart@domain`, quoted where it must be. */
  address: string;
}

export interface HeaderAddressGroup {
  kind: 'group';
  name: string;
  rawName: string;
  members: HeaderAddress[];
}

export type AddressListEntry = HeaderAddress | HeaderAddressGroup;

/** Parses the unfolded value of From, To, Cc and their like. Never throws; entries without any text are left out. */
export function parseAddressList(text: string): AddressListEntry[] {
  const entries: AddressListEntry[] = [];
  let group: HeaderAddressGroup | null = null;
  let pending: AddressToken[] = [];
  const finish = (): void => {
    const address = readAddress(pending);
    pending = [];
    if (address !== null) (group === null ? entries : group.members).push(address);
  };
  for (const { token, isSeparator } of withSeparators(tokenizeAddressList(text))) {
    if (!isSeparator) {
      pending.push(token);
    } else if (token.text !== ':') {
      finish();
      if (token.text === ';') group = null;
    } else if (group === null) {
      group = startGroup(pending);
      pending = [];
      entries.push(group);
    }
  }
  finish();
  return entries;
}

/** Addresses of a list, groups opened. */
export function flattenAddresses(entries: readonly AddressListEntry[]): HeaderAddress[] {
  return entries.flatMap((entry) => (entry.kind === 'group' ? entry.members : [entry]));
}

/** Marks `,`, `;` and `:` that stand outside angle brackets; inside they belong to an obsolete route. */
function* withSeparators(tokens: readonly AddressToken[]): Generator<{ token: AddressToken; isSeparator: boolean }> {
  let isInAngle = false;
  for (const token of tokens) {
    if (isSpecial(token, '<')) isInAngle = true;
    if (isSpecial(token, '>')) isInAngle = false;
    const isSeparator = token.kind === 'special' && ',;:'.includes(token.text) && !isInAngle;
    yield { token, isSeparator };
  }
}

function startGroup(tokens: readonly AddressToken[]): HeaderAddressGroup {
  const rawName = phraseOf(tokens) ?? '';
  return { kind: 'group', name: decodeHeaderText(rawName), rawName, members: [] };
}

function readAddress(tokens: readonly AddressToken[]): HeaderAddress | null {
  const open = tokens.findIndex((token) => isSpecial(token, '<'));
  if (open < 0) return makeAddress(tokens, commentOf(tokens));
  const close = tokens.findIndex((token) => isSpecial(token, '>'));
  const inner = tokens.slice(open + 1, close < open ? tokens.length : close);
  const route = inner.findLastIndex((token) => isSpecial(token, ':'));
  return makeAddress(inner.slice(route + 1), phraseOf(tokens.slice(0, open)) ?? commentOf(tokens));
}

function makeAddress(tokens: readonly AddressToken[], rawName: string | null): HeaderAddress | null {
  const at = tokens.findLastIndex((token) => isSpecial(token, '@'));
  const localTokens = at < 0 ? tokens : tokens.slice(0, at);
  const localPart = at < 0 ? (phraseOf(tokens) ?? '') : joinTight(localTokens);
  const domain = at < 0 ? '' : joinTight(tokens.slice(at + 1));
  if (localPart === '' && domain === '' && rawName === null) return null;
  const name = rawName === null ? null : decodeHeaderText(rawName);
  return { kind: 'address', name, rawName, localPart, domain, address: formatAddrSpec(localPart, domain) };
}

/** Words with single spaces between them, comments left out. */
function phraseOf(tokens: readonly AddressToken[]): string | null {
  let phrase = '';
  for (const token of tokens) {
    if (token.kind === 'comment') continue;
    const isSpaced = phrase !== '' && token.kind !== 'special' && token.isAfterSpace;
    phrase += (isSpaced ? ' ' : '') + token.text;
  }
  return phrase === '' ? null : phrase;
}

function joinTight(tokens: readonly AddressToken[]): string {
  return tokens.filter((token) => token.kind !== 'comment').map((token) => token.text).join('');
}

function commentOf(tokens: readonly AddressToken[]): string | null {
  const comment = tokens.find((token) => token.kind === 'comment')?.text ?? '';
  return comment === '' ? null : comment;
}

function isSpecial(token: AddressToken, text: string): boolean {
  return token.kind === 'special' && token.text === text;
}

/** `addr-spec`, RFC 5322 §3.4.1: the local part is quoted unless it is a dot-atom. */
export function formatAddrSpec(localPart: string, domain: string): string {
  if (domain === '') return localPart;
  const isDotAtom = /^[^\s"(),:;<>@[\\\]]+$/.test(localPart) && !/^\.|\.$|\.\./.test(localPart);
  return `${isDotAtom ? localPart : quoteString(localPart)}@${domain}`;
}

/** `quoted-string`, RFC 5322 §3.2.4. */
export function quoteString(text: string): string {
  return `"${text.replace(/[\r\n\0]/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}
