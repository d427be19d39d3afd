// From what was learnt about encryption, signature and signer to the one status a user sees.

import type { SecurityFacts, SecurityProblem, SecurityStatus, ValidationLevel } from '@paloma/shared-model';

export interface Evidence {
  isEncrypted: boolean;
  signature: SecurityFacts['signature'];
  signerFingerprint: string | null;
  /** How well the signer's certificate is known to belong to the address shown as From; `null`: not at all. */
  signerLevel: ValidationLevel | null;
  /** The From address is known with another certificate, and its replacement was refused. */
  isKeyChanged: boolean;
  /** The outer From and the protected one name different senders. Of encrypted mail the protected one is shown, of signed mail the outer. */
  isSenderDisputed: boolean;
}

export function securityVerdict(evidence: Evidence): SecurityFacts {
  const { isEncrypted, signature, signerFingerprint } = evidence;
  const problem = problemOf(evidence);
  return { status: problem ? 'problem' : statusOf(evidence), problem, isEncrypted, signature, signerFingerprint };
}

function problemOf(evidence: Evidence): SecurityProblem | null {
  if (evidence.signature === 'invalid') return 'badSignature';
  if (evidence.isSenderDisputed && !(evidence.isEncrypted && isBySender(evidence))) return 'tampered';
  return evidence.signature !== 'none' && evidence.isKeyChanged && !isBySender(evidence) ? 'keyChanged' : null;
}

function statusOf(evidence: Evidence): SecurityStatus {
  if (evidence.isEncrypted) return isBySender(evidence) && evidence.signerLevel === 'fingerprint' ? 'privateVerified' : 'private';
  return isBySender(evidence) ? 'signed' : 'notProtected';
}

/** A valid signature by a certificate of somebody else, or by one that was refused for this address, says nothing about the sender. */
function isBySender({ signature, signerLevel }: Evidence): boolean {
  return signature === 'valid' && signerLevel !== null;
}
