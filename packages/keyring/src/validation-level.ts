// How well we know that a certificate belongs to an address. Levels are earned by how it reached us; the user alone gives the
// highest one, by comparing fingerprints.

import { VALIDATION_LEVELS, type KeySource, type ValidationLevel } from '@paloma/shared-model';

/** What a certificate earns by its source alone. */
export const LEVEL_EARNED_BY = {
  // Whoever can write in the sender's name can put it there.
  autocrypt: 'weakChain',
  attached: 'weakChain',
  openpgpHeader: 'weakChain',
  gossip: 'weakChain',
  // The provider that is responsible for the address said it, over an authenticated connection.
  ownProvider: 'providerTrust',
  wkd: 'providerTrust',
  // The user chose the file.
  import: 'knownKey',
} as const satisfies Record<KeySource, ValidationLevel>;

/** What the sources say that answer for the address; all others say only what somebody wrote. */
export function isDirectory(source: KeySource): boolean {
  return source === 'ownProvider' || source === 'wkd';
}

/** Negative when `left` is the weaker one, 0 when they are the same. */
export function compareLevels(left: ValidationLevel, right: ValidationLevel): number {
  return VALIDATION_LEVELS.indexOf(left) - VALIDATION_LEVELS.indexOf(right);
}
