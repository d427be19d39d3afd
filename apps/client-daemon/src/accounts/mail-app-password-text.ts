// How a mail-app password is written: base32 in groups, for a person who copies it into a program.

import type { RandomSource } from '@paloma/shared-model';
import { hashToken } from '@paloma/crypto/public';

const PASSWORD_BYTES = 20;
const GROUP_CHARS = 4;
/** No characters that look alike (RFC 4648 §6 base32 alphabet, lower case). */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export function newMailAppPasswordText(random: RandomSource): string {
  const bits = [...random.bytes(PASSWORD_BYTES)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  const text = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
  return text.match(new RegExp(`.{${GROUP_CHARS}}`, 'g'))!.join('-');
}

/** Spaces and hyphens are for reading; a program may send the password with or without them. */
export function plainMailAppPassword(password: string): string {
  return password.replaceAll(/[\s-]/g, '').toLowerCase();
}

export function mailAppPasswordHash(password: string): Uint8Array {
  return hashToken(plainMailAppPassword(password));
}
