import { z } from 'zod';
import { bytes, epochMs } from './document.js';

/** `mail-app-password:<passwordId>`: lets one mail program in. 160 random bits, so a plain SHA-256 is enough to keep. */
export const mailAppPasswordDocument = z.object({
  passwordId: z.string(),
  name: z.string(),
  sha256: bytes,
  createdAtMs: epochMs,
  revokedAtMs: epochMs.nullable(),
});
export type MailAppPasswordDocument = z.infer<typeof mailAppPasswordDocument>;

/** `device:<replicaUid>`. */
export const deviceDocument = z.object({
  replicaUid: z.string(),
  name: z.string(),
  createdAtMs: epochMs,
  /** The device seals under this key epoch or a later one, and keeps nothing that needs an earlier one (docs/protocol/envelope.md §6.1). */
  keyEpoch: z.int().positive().optional(),
});
export type DeviceDocument = z.infer<typeof deviceDocument>;

export const QUARANTINE_REASONS = ['cannotDecrypt', 'cannotParse', 'tooLarge'] as const;

/** `quarantine-item:<incomingItemId>`: mail that could not be filed, with its octets; retried after a key import or an upgrade. */
export const quarantineItemDocument = z.object({
  incomingItemId: z.string(),
  reason: z.enum(QUARANTINE_REASONS),
  blobId: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  receivedAtMs: epochMs,
  attempts: z.number().int().nonnegative(),
});
export type QuarantineItemDocument = z.infer<typeof quarantineItemDocument>;
