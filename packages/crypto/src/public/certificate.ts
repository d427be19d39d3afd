// OpenPGP certificates (transferable public keys, RFC 9580 §10.1) as the rest of Paloma sees them. The octets stay as they
// came, so that packets this version does not understand are not lost on the way to a version that does.

import type { Key, PublicKey, User } from 'openpgp';
import { canonicalAddress, parseFingerprint, parseMailAddress, type Fingerprint, type MailAddress } from '@paloma/shared-model';
import { toBinary } from './armor.js';
import { CryptoError } from './crypto-error.js';
import { judgementDate, MAX_CERTIFICATE_BYTES, readCertificate, readCertificates } from './openpgp-settings.js';

export interface Certificate {
  fingerprint: Fingerprint;
  /** Binary. */
  bytes: Uint8Array;
  /** Canonical addresses of the user ids whose self-signature is valid and not revoked. */
  addresses: MailAddress[];
  createdAtMs: number;
  /** Null: never, or not known because the certificate is revoked. */
  expiresAtMs: number | null;
  isRevoked: boolean;
  /** At the moment of parsing: neither expired nor revoked, with a usable subkey. */
  canEncrypt: boolean;
  canSign: boolean;
}

export type ParsedCertificate =
  | { ok: true; certificate: Certificate }
  | { ok: false; reason: 'malformed' | 'tooBig' | 'containsSecretKey' };

/** Parses one certificate, binary or armored, from anywhere. At most MAX_CERTIFICATE_BYTES. */
export async function parseCertificate(bytes: Uint8Array, nowMs: number): Promise<ParsedCertificate> {
  if (bytes.length > 2 * MAX_CERTIFICATE_BYTES) return { ok: false, reason: 'tooBig' };
  const binary = toBinary(bytes);
  if (!binary) return { ok: false, reason: 'malformed' };
  if (binary.length > MAX_CERTIFICATE_BYTES) return { ok: false, reason: 'tooBig' };
  try {
    const [key, ...others] = await readCertificates(binary);
    if (!key || others.length > 0) return { ok: false, reason: 'malformed' };
    if (key.isPrivate()) return { ok: false, reason: 'containsSecretKey' };
    return { ok: true, certificate: await describe(key, new Uint8Array(binary), judgementDate(nowMs)) };
  } catch {
    return { ok: false, reason: 'malformed' };
  }
}

/** Takes apart a file that may hold several certificates, as a Web Key Directory may answer. Empty when unreadable or over the limit. */
export async function splitCertificates(bytes: Uint8Array): Promise<Uint8Array[]> {
  const binary = bytes.length > 2 * MAX_CERTIFICATE_BYTES ? null : toBinary(bytes);
  if (!binary || binary.length > MAX_CERTIFICATE_BYTES) return [];
  const keys = await readCertificates(binary).catch(() => []);
  return keys.length === 1 ? [binary] : keys.filter((key) => !key.isPrivate()).map((key) => key.write());
}

/**
 * Joins two states of one certificate: every user id, subkey and signature of both. The newest self-signature decides about
 * expiry, so an old copy cannot take an extension back; revocations of both stay.
 * @throws {CryptoError} "malformed" when one cannot be read or the fingerprints differ
 */
export async function mergeCertificates(known: Uint8Array, fresh: Uint8Array, nowMs: number): Promise<Uint8Array> {
  try {
    const [older, newer] = await Promise.all([readCertificate(known), readCertificate(fresh)]);
    return (await older.update(newer, judgementDate(nowMs))).write();
  } catch {
    throw new CryptoError('malformed', 'certificates cannot be merged');
  }
}

/**
 * The certificate as it is shown to whoever asks about one address: without the user ids that name others. Those of a certificate with one
 * user id are its own octets.
 * @throws {CryptoError} "malformed" when it cannot be read or has no such user id
 */
export async function certificateForAddress(certificate: Uint8Array, address: MailAddress): Promise<Uint8Array> {
  const key = await readCertificate(certificate).catch(() => null);
  const users = key?.users.filter((user) => addressOf(user) === canonicalAddress(address)) ?? [];
  if (key === null || users.length === 0) throw new CryptoError('malformed', 'not a certificate with this address');
  if (users.length === key.users.length) return certificate;
  key.users = users;
  return key.write();
}

/** True when a valid certification by `certifier` stands on a user id of `certificate` with this address. */
export async function isCertifiedBy(certificate: Uint8Array, certifier: Uint8Array, address: MailAddress, nowMs: number): Promise<boolean> {
  try {
    const [subject, issuer] = await Promise.all([readCertificate(certificate), readCertificate(certifier)]);
    const users = subject.users.filter((user) => addressOf(user) === canonicalAddress(address));
    const results = await Promise.all(users.map((user) => isUserCertified(user, issuer, judgementDate(nowMs))));
    return results.includes(true);
  } catch {
    return false;
  }
}

export function fingerprintOf(key: Key): Fingerprint {
  return parseFingerprint(key.getFingerprint());
}

async function describe(key: PublicKey, bytes: Uint8Array, date: Date): Promise<Certificate> {
  const expiry = await key.getExpirationTime();
  return {
    fingerprint: fingerprintOf(key),
    bytes,
    addresses: await validAddresses(key, date),
    createdAtMs: key.getCreationTime().getTime(),
    expiresAtMs: expiry instanceof Date ? expiry.getTime() : null,
    isRevoked: await key.isRevoked(undefined, undefined, date, undefined),
    canEncrypt: await succeeds(key.getEncryptionKey(undefined, date)),
    canSign: await succeeds(key.getSigningKey(undefined, date)),
  };
}

async function validAddresses(key: PublicKey, date: Date): Promise<MailAddress[]> {
  const valid = await Promise.all(key.users.map((user) => succeeds(user.verify(date))));
  const addresses = key.users.map((user, index) => (valid[index] ? addressOf(user) : null));
  return [...new Set(addresses.filter((address) => address !== null))];
}

/** A user id is any text (RFC 9580 §5.11); those without an address that we can use count for nothing. */
function addressOf(user: User): MailAddress | null {
  const text = user.userID?.email || user.userID?.userID || '';
  try {
    return canonicalAddress(parseMailAddress(text));
  } catch {
    return null;
  }
}

async function isUserCertified(user: User, issuer: PublicKey, date: Date): Promise<boolean> {
  const certifications = user.otherCertifications.map(async (certification) =>
    (await user.verifyCertificate(certification, [issuer], date)) === true && !(await user.isRevoked(certification, issuer.keyPacket, date)));
  return (await Promise.allSettled(certifications)).some((result) => result.status === 'fulfilled' && result.value);
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(() => true, () => false);
}
