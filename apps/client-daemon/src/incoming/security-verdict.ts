// From what was learnt about encryption, signature and signer to the one status a user sees.

import type { SecurityFacts, SecurityProblem, SecurityStatus, ValidationLevel } from '@paloma/shared-model';

export interface Evidence {
  isEncrypted: boolean;
  signature: SecurityFacts['signature'];
  signerFingerprint: string | null;
  /** How well the signer's certificate is known to belong to the From address; `null`: not at all. */
  signerLevel: ValidationLevel | null;
  /** The From address is known with another certificate, and its replacement was refused. */
  isKeyChanged: boolean;
}

export function securityVerdict(evidence: Evidence): SecurityFacts {
  const { isEncrypted, signature, signerFingerprint } = evidence;
  const problem = problemOf(evidence);
  return { status: problem ? 'problem' : statusOf(evidence), problem, isEncrypted, signature, signerFingerprint };
}

function problemOf({ signature, isKeyChanged }: Evidence): SecurityProblem | null {
  if (signature === 'invalid') return 'badSignature';
  return signature === 'unknownSigner' && isKeyChanged ? 'keyChanged' : null;
}

function statusOf({ isEncrypted, signature, signerLevel }: Evidence): SecurityStatus {
  const isVerified = signature === 'valid' && signerLevel === 'fingerprint';
  if (isEncrypted) return isVerified ? 'privateVerified' : 'private';
  return signature === 'valid' ? 'signed' : 'notProtected';
}
