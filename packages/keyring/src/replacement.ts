// May a certificate take the place of the one known for an address? Without such rules whoever can send a mail in somebody's
// name could redirect all that is written to him, and whoever is merely heard saying something could keep him from being
// written to. The rules are those of LEAP's Keymanager, with two more about whom nobody needs to be asked.

import type { Fingerprint, ValidationLevel } from '@paloma/shared-model';
import { compareLevels } from './validation-level.js';

export interface KnownCertificate {
  fingerprint: string;
  level: ValidationLevel;
  /** Null: never. */
  expiresAtMs: number | null;
  isRevoked: boolean;
  canEncrypt: boolean;
  wasUsedToEncrypt: boolean;
  wasUsedToVerify: boolean;
}

export interface CandidateCertificate {
  fingerprint: Fingerprint;
  level: ValidationLevel;
  /** The known certificate certifies it for this address. */
  isCertifiedByKnown: boolean;
  /** The user was asked about it and kept the known one. */
  wasRejected: boolean;
}

/**
 * `merge`: the same key, keep what both states have. `refuse`: keep the known one and ask the user. `ignore`: keep the known
 * one, there is nothing to ask.
 */
export type Replacement = 'accept' | 'merge' | 'refuse' | 'ignore';

export function decideReplacement(known: KnownCertificate | null, candidate: CandidateCertificate, nowMs: number): Replacement {
  if (known === null) return 'accept';
  if (known.fingerprint === candidate.fingerprint) return 'merge';
  if (candidate.level === 'fingerprint') return 'accept';
  const isUnwanted = candidate.wasRejected && compareLevels(candidate.level, 'knownKey') < 0;
  if (!isUnwanted && mayReplace(known, candidate, nowMs)) return 'accept';
  const isOutranked = isUnwanted || compareLevels(candidate.level, known.level) < 0;
  return isOutranked && canServe(known, nowMs) ? 'ignore' : 'refuse';
}

function mayReplace(known: KnownCertificate, candidate: CandidateCertificate, nowMs: number): boolean {
  const step = compareLevels(candidate.level, known.level);
  if (isSpent(known, nowMs) && step >= 0) return true;
  if (known.expiresAtMs === null && step > 0) return true;
  if (!(known.wasUsedToEncrypt && known.wasUsedToVerify) && step > 0) return true;
  // A revoked key may be in other hands: what it certifies is worth nothing.
  return candidate.isCertifiedByKnown && !known.isRevoked;
}

/** While the known one cannot be written to, even a weak hint is for the user to judge: going on without would be cleartext. */
function canServe(known: KnownCertificate, nowMs: number): boolean {
  return known.canEncrypt && !isSpent(known, nowMs);
}

function isSpent({ isRevoked, expiresAtMs }: KnownCertificate, nowMs: number): boolean {
  return isRevoked || (expiresAtMs !== null && expiresAtMs <= nowMs);
}
