import { z } from 'zod';

/**
 * The five states a user sees, and nothing else. An invalid signature is a problem, never "not signed".
 * `private`: encrypted and signed or encrypted alone, sender's certificate not verified by the user.
 */
export const SECURITY_STATUSES = ['privateVerified', 'private', 'signed', 'notProtected', 'problem'] as const;
export const securityStatus = z.enum(SECURITY_STATUSES);
export type SecurityStatus = z.infer<typeof securityStatus>;

/** Why the status is `problem`; null for the other four. */
export const SECURITY_PROBLEMS = ['badSignature', 'keyChanged', 'cannotDecrypt', 'tampered'] as const;
export const securityProblem = z.enum(SECURITY_PROBLEMS);
export type SecurityProblem = z.infer<typeof securityProblem>;

/** Facts learnt when a message arrived. Metadata, never header fields: a sender cannot forge them. */
export const securityFacts = z.object({
  status: securityStatus,
  problem: securityProblem.nullable(),
  isEncrypted: z.boolean(),
  signature: z.enum(['none', 'valid', 'invalid', 'unknownSigner']),
  /** Full fingerprint of the certificate whose signature was checked. */
  signerFingerprint: z.string().nullable(),
});
export type SecurityFacts = z.infer<typeof securityFacts>;

export const NOT_PROTECTED: SecurityFacts = { status: 'notProtected', problem: null, isEncrypted: false, signature: 'none', signerFingerprint: null };
