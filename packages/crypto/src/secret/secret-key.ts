// The user's own OpenPGP key: made, renewed, carried out and in. Inside Paloma it is not locked by a passphrase, because it lives
// only as a sealed document; the exported form is.

import { decryptKey, encryptKey, generateKey, readPrivateKey, reformatKey, type PrivateKey } from 'openpgp';
import type { Fingerprint, MailAddress, Redacted } from '@paloma/shared-model';
import { mustBeBinary, toBinary } from '../public/armor.js';
import { fingerprintOf } from '../public/certificate.js';
import { CryptoError } from '../public/crypto-error.js';
import { judgementDate, MAX_CERTIFICATE_BYTES, OPENPGP_SETTINGS } from '../public/openpgp-settings.js';

const DAY_S = 24 * 60 * 60;
/** An unattended key dies of itself; a used one is renewed long before. */
const KEY_LIFETIME_S = 2 * 365 * DAY_S;

export interface GeneratedSecretKey {
  fingerprint: Fingerprint;
  transferableSecretKey: Uint8Array;
  certificate: Uint8Array;
}

/**
 * A new key for signing and encrypting, valid for two years: v4 with the legacy identifiers of Curve25519 (RFC 9580 §9.2),
 * which is all that GnuPG 2.2 reads. Announces SEIPDv1.
 */
export async function generateSecretKey(input: { address: MailAddress; name: string; nowMs: number }): Promise<GeneratedSecretKey> {
  const { privateKey } = await generateKey({
    type: 'ecc', curve: 'curve25519Legacy', userIDs: { name: printableName(input.name), email: input.address },
    date: new Date(input.nowMs), keyExpirationTime: KEY_LIFETIME_S, format: 'object', config: OPENPGP_SETTINGS,
  });
  return describe(privateKey);
}

/** The same key, valid for two years from now, with user ids for further addresses. Earlier self-signatures stay, so earlier mail still verifies. */
export async function renewSecretKey(transferableSecretKey: Uint8Array, nowMs: number, further: readonly { address: MailAddress; name: string }[] = []): Promise<GeneratedSecretKey> {
  const key = await readSecretKey(transferableSecretKey);
  const date = new Date(nowMs);
  const keyExpirationTime = Math.round((nowMs - key.getCreationTime().getTime()) / 1000) + KEY_LIFETIME_S;
  const userIDs = key.users.flatMap(({ userID }) => (userID ? [{ name: userID.name, email: userID.email, comment: userID.comment }] : []));
  userIDs.push(...further.map(({ address, name }) => ({ name: printableName(name), email: address, comment: '' })));
  const { privateKey } = await reformatKey({ privateKey: await readSecretKey(transferableSecretKey), userIDs, date, keyExpirationTime, format: 'object', config: OPENPGP_SETTINGS });
  return describe(await key.update(privateKey, judgementDate(nowMs)));
}

/** The public half, as it is published. */
export async function certificateOf(transferableSecretKey: Uint8Array): Promise<Uint8Array> {
  return (await readSecretKey(transferableSecretKey)).toPublic().write();
}

/** Armored and locked by the passphrase, in the form that GnuPG and Sequoia import. */
export async function exportSecretKey(transferableSecretKey: Uint8Array, passphrase: Redacted<string>): Promise<string> {
  const privateKey = await readSecretKey(transferableSecretKey);
  return (await encryptKey({ privateKey, passphrase: passphrase.reveal(), config: OPENPGP_SETTINGS })).armor();
}

/** Unlocks a key from elsewhere, armored or binary. Every format of RFC 9580 that the library knows is accepted. */
export async function importSecretKey(
  exported: string | Uint8Array, passphrase: Redacted<string> | null,
): Promise<{ ok: true; transferableSecretKey: Uint8Array } | { ok: false; reason: 'wrongPassphrase' | 'malformed' }> {
  const locked = await parseSecretKey(Buffer.from(exported));
  if (!locked) return { ok: false, reason: 'malformed' };
  const unlocked = locked.isDecrypted() ? locked : await unlock(locked, passphrase);
  return unlocked ? { ok: true, transferableSecretKey: unlocked.write() } : { ok: false, reason: 'wrongPassphrase' };
}

/** Reads a key of our own. @throws {CryptoError} "malformed" */
export async function readSecretKey(transferableSecretKey: Uint8Array): Promise<PrivateKey> {
  try {
    return await readPrivateKey({ binaryKey: mustBeBinary(transferableSecretKey), config: OPENPGP_SETTINGS });
  } catch {
    throw new CryptoError('malformed', 'not a transferable secret key');
  }
}

async function parseSecretKey(exported: Uint8Array): Promise<PrivateKey | null> {
  const binary = exported.length > 2 * MAX_CERTIFICATE_BYTES ? null : toBinary(exported);
  if (!binary) return null;
  return readPrivateKey({ binaryKey: binary, config: OPENPGP_SETTINGS }).catch(() => null);
}

async function unlock(privateKey: PrivateKey, passphrase: Redacted<string> | null): Promise<PrivateKey | null> {
  if (!passphrase) return null;
  return decryptKey({ privateKey, passphrase: passphrase.reveal(), config: OPENPGP_SETTINGS }).catch(() => null);
}

function describe(key: PrivateKey): GeneratedSecretKey {
  return { fingerprint: fingerprintOf(key), transferableSecretKey: key.write(), certificate: key.toPublic().write() };
}

/** Brackets and controls would change what the user id means to a reader (RFC 9580 §5.11 is convention, not grammar). */
function printableName(name: string): string {
  return name.replace(/[<>()\p{C}]/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);
}
