// The Autocrypt header, Autocrypt 1.1 §2.1: a sender's certificate in his own mail.

import { canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import { MAX_CERTIFICATE_BYTES } from '@paloma/crypto/public';

export interface AutocryptHeader {
  address: MailAddress;
  prefersEncryption: boolean;
  /** Binary transferable public key, not yet checked. */
  certificate: Uint8Array;
}

/** RFC 5322 §2.1.1 asks for lines of at most 78 characters; the leading space is one. */
const KEYDATA_LINE_CHARS = 76;
const MAX_HEADER_CHARS = 2 * MAX_CERTIFICATE_BYTES;
const ATTRIBUTES = new Set(['addr', 'prefer-encrypt', 'keydata']);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The whole field with its name and line end. Says that the owner prefers encrypted answers, which is why he uses Paloma. */
export function formatAutocryptHeader(address: MailAddress, certificate: Uint8Array): string {
  const lines = Buffer.from(certificate).toString('base64').match(new RegExp(`.{1,${KEYDATA_LINE_CHARS}}`, 'g')) ?? [];
  return `Autocrypt: addr=${address}; prefer-encrypt=mutual; keydata=\r\n${lines.map((line) => ` ${line}\r\n`).join('')}`;
}

/** Parses the value of a field; null when it is to be treated as absent: Autocrypt 1.1 §2.1 has no half-valid headers. */
export function parseAutocryptHeader(value: string): AutocryptHeader | null {
  if (value.length > MAX_HEADER_CHARS) return null;
  const attributes = parseAttributes(value);
  const address = attributes && tryParseAddress(attributes.get('addr') ?? '');
  const keydata = attributes?.get('keydata')?.replace(/\s+/g, '') ?? '';
  if (!attributes || !address || !BASE64.test(keydata)) return null;
  const certificate = new Uint8Array(Buffer.from(keydata, 'base64'));
  return { address, prefersEncryption: attributes.get('prefer-encrypt') === 'mutual', certificate };
}

/** Null when an attribute stands twice, or one is unknown and not marked as ignorable by an underscore. */
function parseAttributes(value: string): Map<string, string> | null {
  const attributes = new Map<string, string>();
  for (const attribute of value.split(';')) {
    if (attribute.trim() === '') continue;
    const equals = attribute.indexOf('=');
    const name = attribute.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (name.startsWith('_')) continue;
    if (!ATTRIBUTES.has(name) || attributes.has(name)) return null;
    attributes.set(name, attribute.slice(equals + 1).trim());
  }
  return attributes;
}

function tryParseAddress(text: string): MailAddress | null {
  try {
    return canonicalAddress(parseMailAddress(text));
  } catch {
    return null;
  }
}
