// May a certificate take the place of the one known for an address? Without such rules whoever can send a mail in somebody's
// name could redirect all that is written to him. The rules are those of LEAP's Keymanager; the first that matches decides.

import type { Fingerprint, ValidationLevel } from '@paloma/shared-model';
import { compareLevels } from './validation-level.js';

export interface KnownCertificate {
  fingerprint: string;
  level: ValidationLevel;
  /** Null: never. */
  expiresAtMs: number | null;
  isRevoked: boolean;
  wasUsedToEncrypt: boolean;
  wasUsedToVerify: boolean;
}

export interface CandidateCertificate {
  fingerprint: Fingerprint;
  level: ValidationLevel;
  /** The known certificate certifies it for this address. */
  isCertifiedByKnown: boolean;
}

/** `merge`: the same key, keep what both states have. `refuse`: keep the known one and ask the user. */
export type Replacement = 'accept' | 'merge' | 'refuse';

export function decideReplacement(known: KnownCertificate | null, candidate: CandidateCertificate, nowMs: number): Replacement {
  if (known === null) return 'accept';
  if (known.fingerprint === candidate.fingerprint) return 'merge';
  if (candidate.level === 'fingerprint') return 'accept';
  const step = compareLevels(candidate.level, known.level);
  if (isSpent(known, nowMs) && step >= 0) return 'accept';
  if (known.expiresAtMs === null && step > 0) return 'accept';
  if (!(known.wasUsedToEncrypt && known.wasUsedToVerify) && step > 0) return 'accept';
  // A revoked key may be in other hands: what it certifies is worth nothing.
  if (candidate.isCertifiedByKnown && !known.isRevoked) return 'accept';
  return 'refuse';
}

function isSpent({ isRevoked, expiresAtMs }: KnownCertificate, nowMs: number): boolean {
  return isRevoked || (expiresAtMs !== null && expiresAtMs <= nowMs);
}
