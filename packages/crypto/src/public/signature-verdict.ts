// One verdict from the signatures of a message or a detached signature. A message can carry several (a mailing list adds
// its own); one that holds is enough, and none that fails hides behind one by an unknown signer.

import type { PublicKey, VerifyMessageResult } from 'openpgp';
import type { Fingerprint } from '@paloma/shared-model';
import { fingerprintOf } from './certificate.js';

type VerificationResult = VerifyMessageResult['signatures'][number];

export interface SignatureVerdict {
  signature: 'valid' | 'invalid' | 'unknownSigner';
  /** Of the signer's certificate; null when the signer is unknown. */
  fingerprint: Fingerprint | null;
}

/** Each signature hashes all octets again; without a bound one message could keep a device busy for minutes. */
export const MAX_SIGNATURES = 8;

const RANK = { valid: 0, invalid: 1, unknownSigner: 2 } satisfies Record<SignatureVerdict['signature'], number>;

/**
 * The best of the verdicts; null when there is no signature. The library passes on signatures over documents alone: a
 * standalone one (RFC 9580 §5.2.1) would "verify" beside any octets.
 */
export async function judgeSignatures(results: readonly VerificationResult[], signers: readonly PublicKey[]): Promise<SignatureVerdict | null> {
  const verdicts = await Promise.all(results.map((result) => judge(result, signers)));
  verdicts.sort((a, b) => RANK[a.signature] - RANK[b.signature]);
  return verdicts[0] ?? null;
}

async function judge(result: VerificationResult, signers: readonly PublicKey[]): Promise<SignatureVerdict> {
  const signer = signers.find((key) => key.getKeys(result.keyID).length > 0);
  if (!signer) return { signature: 'unknownSigner', fingerprint: null };
  const isValid = await result.verified.catch(() => false);
  return { signature: isValid ? 'valid' : 'invalid', fingerprint: fingerprintOf(signer) };
}
