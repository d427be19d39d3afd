// Addresses as people type them (`Ana <ana@example.org>, bob@example.org`) to and from the objects of RFC 8621 §4.1.2.3.

import type { EmailAddress } from '../jmap/types.js';

/** Enough to catch typing errors; the server decides (RFC 5321 §4.1.2 allows far more than anybody uses). */
const PLAUSIBLE = /^[^\s@<>()",;:\\]{1,64}@[^\s@<>()",;:\\]+\.[^\s@<>()",;:\\]{2,}$/;

export const isPlausibleAddress = (email: string): boolean => PLAUSIBLE.test(email);

/** Cuts at commas, semicolons and line ends that are not inside quotes or angle brackets. */
export function parseAddressList(text: string): EmailAddress[] {
  const pieces = text.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^",;<\n])+/g) ?? [];
  return pieces.map((piece) => piece.trim()).filter(Boolean).map(parseAddress);
}

function parseAddress(text: string): EmailAddress {
  const match = /^(.*)<([^>]*)>$/s.exec(text);
  if (!match) return { name: null, email: text };
  const name = (match[1] ?? '').trim().replace(/^"(.*)"$/s, '$1').replaceAll(/\\(.)/g, '$1');
  return { name: name || null, email: (match[2] ?? '').trim() };
}

export const formatAddress = ({ name, email }: EmailAddress): string => (name ? `${name} <${email}>` : email);

/** The name if there is one, else the part before the @. */
export const shortName = ({ name, email }: EmailAddress): string => name?.trim() || email.split('@')[0] || email;

/** Compares as mail providers do in practice; RFC 5321 §2.4 would let the local part differ by case. */
export const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Each address once, the first spelling kept. */
export function withoutDuplicates(addresses: readonly EmailAddress[]): EmailAddress[] {
  return addresses.filter((address, place) => addresses.findIndex((other) => isSameAddress(other.email, address.email)) === place);
}

/** One or two letters for the picture of a person without a picture. */
export function initials(address: EmailAddress): string {
  const words = shortName(address).split(/[\s._-]+/).filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...word ?? ''][0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

/** A stable number from 0 to `count` - 1, for the colour of a person. */
export function hueIndex(email: string, count: number): number {
  const hash = [...email.toLowerCase()].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
  return hash % count;
}
