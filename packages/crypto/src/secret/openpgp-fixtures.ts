// Keys that tests need and that the package itself does not make: expired, revoked, with several user ids.

import { enums, generateKey, readKey, revokeKey } from 'openpgp';
import { parseMailAddress } from '@paloma/shared-model';
import { generateSecretKey, readSecretKey, type GeneratedSecretKey } from './secret-key.js';

export const NOW_MS = Date.UTC(2026, 0, 1);
export const DAY_MS = 24 * 60 * 60_000;

export function keyOf(name: string, nowMs = NOW_MS): Promise<GeneratedSecretKey> {
  return generateSecretKey({ address: parseMailAddress(`${name}@example.org`), name, nowMs });
}

/** The certificate of the key with a revocation, hard (compromised) or soft (retired). */
export async function revokedCertificate(key: GeneratedSecretKey, reason: 'keyCompromised' | 'keyRetired', nowMs = NOW_MS): Promise<Uint8Array> {
  const { publicKey } = await revokeKey({
    key: await readSecretKey(key.transferableSecretKey), reasonForRevocation: { flag: enums.reasonForRevocation[reason] },
    date: new Date(nowMs), format: 'binary',
  });
  return publicKey;
}

/** `subject`'s certificate with a certification by `certifier` on its user ids. */
export async function certifiedBy(subject: Uint8Array, certifier: GeneratedSecretKey, nowMs = NOW_MS): Promise<Uint8Array> {
  const key = await readKey({ binaryKey: subject });
  return (await key.signAllUsers([await readSecretKey(certifier.transferableSecretKey)], new Date(nowMs))).write();
}

export async function certificateWithUserIds(emails: readonly string[]): Promise<Uint8Array> {
  const { publicKey } = await generateKey({
    type: 'ecc', curve: 'curve25519Legacy', userIDs: emails.map((email) => ({ email })), date: new Date(NOW_MS), format: 'binary',
  });
  return publicKey;
}
