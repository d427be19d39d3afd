import { z } from 'zod';
import { bytes, epochMs } from './document.js';

/** In ascending order of trust; the lineage and meaning of each are in docs/protocol/keys.md. */
export const VALIDATION_LEVELS = [
  'weakChain', 'providerTrust', 'providerEndorsement', 'thirdPartyEndorsement',
  'thirdPartyConsensus', 'historicallyAuditing', 'knownKey', 'fingerprint',
] as const;
export const validationLevel = z.enum(VALIDATION_LEVELS);
export type ValidationLevel = z.infer<typeof validationLevel>;

export const KEY_SOURCES = ['ownProvider', 'wkd', 'autocrypt', 'attached', 'openpgpHeader', 'gossip', 'import'] as const;
export const keySource = z.enum(KEY_SOURCES);
export type KeySource = z.infer<typeof keySource>;

/** `secret-key:<fingerprint>`: own secret key, binary transferable secret key (RFC 9580 §10.2), not passphrase-locked: the store is sealed. */
export const secretKeyDocument = z.object({
  fingerprint: z.string(),
  address: z.string(),
  transferableSecretKey: bytes,
  state: z.enum(['active', 'retired']),
  createdAtMs: epochMs,
});
export type SecretKeyDocument = z.infer<typeof secretKeyDocument>;

/** `certificate:<fingerprint>`: a correspondent's certificate, binary (RFC 9580 §10.1). */
export const certificateDocument = z.object({ fingerprint: z.string(), transferablePublicKey: bytes });
export type CertificateDocument = z.infer<typeof certificateDocument>;

/** Former certificates kept by name for verifying old mail; whoever changes keys more often is not served by a longer list. */
export const MAX_FORMER_CERTIFICATES = 20;
/** Bounds the document; the oldest go first, and may then be asked about again. */
export const MAX_REJECTED_FINGERPRINTS = 16;

/** `trust:<canonical address>`: which certificate belongs to an address, how we know, and what was before. */
export const trustDocument = z.object({
  address: z.string(),
  fingerprint: z.string(),
  level: validationLevel,
  source: keySource,
  firstSeenAtMs: epochMs,
  /** When a directory last gave an authoritative answer about the address; 0: never. */
  lastCheckedAtMs: epochMs,
  wasUsedToEncrypt: z.boolean(),
  wasUsedToVerify: z.boolean(),
  /** A different certificate that the replacement rules refused; sending waits until the user has decided. */
  refusedFingerprint: z.string().nullable(),
  /** How far the refused one was trusted. */
  refusedLevel: validationLevel.nullable().default(null),
  /** Where the refused one came from, and when it first did; null when an earlier program refused it. */
  refusedSource: keySource.nullable().default(null),
  refusedAtMs: epochMs.nullable().default(null),
  /** What the user did not want in place of the known one, newest first: it is not asked about again. */
  rejectedFingerprints: z.array(z.string()).max(MAX_REJECTED_FINGERPRINTS).default([]),
  history: z.array(z.object({ fingerprint: z.string(), level: validationLevel, source: keySource, atMs: epochMs })).max(MAX_FORMER_CERTIFICATES),
});
export type TrustDocument = z.infer<typeof trustDocument>;
