// The recovery code: 160 random bits that a person writes down, keeps for years and types in once. Eight groups of five
// characters of Crockford's base32 (no I, L, O, U); the last of each group is a check character, so that a mistake is found
// in its group, while typing. It is computed in GF(32), with the group's number: every single wrong character, every swap of
// two in a group and every swap of two groups is found (docs/protocol/envelope.md §7).

import { Redacted, type RandomSource } from '@paloma/shared-model';

/** In canonical form: 40 characters without separators, upper case, check characters included. */
export type RecoveryCode = Redacted<string>;

export type ParsedRecoveryCode =
  | { ok: true; code: RecoveryCode }
  /** `group` counts from 1; 0: it is not eight groups of five. */
  | { ok: false; group: number };

const RECOVERY_CODE_GROUPS = 8;
const DATA_CHARS = 4;
const GROUP_CHARS = DATA_CHARS + 1;
const SECRET_OCTETS = 20;
const BITS_PER_CHAR = 5;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** What people write for digits. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };
/** x⁵ + x² + 1, primitive over GF(2). */
const POLYNOMIAL = 0b100101;

export function createRecoveryCode(random: RandomSource): RecoveryCode {
  const values = fiveBitValues(random.bytes(SECRET_OCTETS));
  const groups = Array.from({ length: RECOVERY_CODE_GROUPS }, (_, index) => {
    const data = values.slice(index * DATA_CHARS, (index + 1) * DATA_CHARS);
    return [...data, checkValue(index, data)].map((value) => ALPHABET[value]).join('');
  });
  return new Redacted(groups.join(''));
}

/** For people: groups with hyphens between them. */
export function formatRecoveryCode(code: RecoveryCode): string {
  return groupsOf(code.reveal()).join('-');
}

/** Takes what a person typed: in any case, with or without separators, O for 0 and I or L for 1. */
export function parseRecoveryCode(typed: string): ParsedRecoveryCode {
  const canonical = typed.toUpperCase().replaceAll(/[\s\u2010-\u2015-]/g, '').replaceAll(/[OIL]/g, (letter) => LOOK_ALIKE[letter] ?? letter);
  if (canonical.length !== RECOVERY_CODE_GROUPS * GROUP_CHARS) return { ok: false, group: 0 };
  const wrong = groupsOf(canonical).findIndex((group, index) => !isIntact(group, index));
  return wrong < 0 ? { ok: true, code: new Redacted(canonical) } : { ok: false, group: wrong + 1 };
}

/** What goes into OPAQUE in the place of a passphrase: the 160 bits alone, as 32 characters. */
export function recoverySecret(code: RecoveryCode): Redacted<string> {
  return new Redacted(groupsOf(code.reveal()).map((group) => group.slice(0, DATA_CHARS)).join(''));
}

function groupsOf(canonical: string): string[] {
  return Array.from({ length: RECOVERY_CODE_GROUPS }, (_, index) => canonical.slice(index * GROUP_CHARS, (index + 1) * GROUP_CHARS));
}

function isIntact(group: string, index: number): boolean {
  const values = [...group].map((character) => ALPHABET.indexOf(character));
  return !values.includes(-1) && values.at(-1) === checkValue(index, values.slice(0, DATA_CHARS));
}

function checkValue(groupIndex: number, data: readonly number[]): number {
  return data.reduce((check, value) => timesX(check ^ value), timesX(groupIndex + 1));
}

/** In GF(32). */
function timesX(value: number): number {
  const doubled = value << 1;
  return doubled > 31 ? doubled ^ POLYNOMIAL : doubled;
}

function fiveBitValues(octets: Uint8Array): number[] {
  const bits = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: bits.length / BITS_PER_CHAR }, (_, index) => Number.parseInt(bits.slice(index * BITS_PER_CHAR, (index + 1) * BITS_PER_CHAR), 2));
}
