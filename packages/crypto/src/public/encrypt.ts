// Encryption to certificates, for the MX (which holds no secret) and as the base of the signed form on devices.

import { createMessage, encrypt, type Message, type PublicKey } from 'openpgp';
import { readKnownCertificate } from './known-certificates.js';
import { judgementDate, OPENPGP_SETTINGS } from './openpgp-settings.js';

const STEP_BYTES = 64 * 1024;

export type Encrypted = { ok: true; message: Uint8Array } | { ok: false; reason: 'noUsableCertificate' };
export type EncryptedInSteps = { ok: true; message: AsyncIterable<Uint8Array> } | { ok: false; reason: 'noUsableCertificate' };

/**
 * Encrypts to all of the certificates or to none: one that is expired, revoked or unreadable refuses the whole, because a
 * recipient left out silently cannot read the mail. The message is binary, integrity protected, not compressed.
 */
export async function encryptToCertificates(octets: Uint8Array, certificates: readonly Uint8Array[], nowMs: number): Promise<Encrypted> {
  return encryptPackets(await createMessage({ binary: octets, date: new Date(nowMs) }), certificates, nowMs);
}

/**
 * The same for a large message, given in pieces and to be read as it is made: in one piece openpgp holds it five times over. The pieces are
 * read until the end of the result.
 */
export async function encryptInSteps(pieces: readonly Uint8Array[], certificates: readonly Uint8Array[], nowMs: number): Promise<EncryptedInSteps> {
  const date = judgementDate(nowMs);
  const encryptionKeys = await usableKeys(certificates, date);
  if (!encryptionKeys) return { ok: false, reason: 'noUsableCertificate' };
  const message = await createMessage({ binary: ReadableStream.from<Uint8Array>(stepsOf(pieces)), date: new Date(nowMs) });
  return { ok: true, message: await encrypt({ message, encryptionKeys, format: 'binary', date, config: OPENPGP_SETTINGS }) as AsyncIterable<Uint8Array> };
}

function* stepsOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += STEP_BYTES) yield piece.subarray(at, at + STEP_BYTES);
  }
}

/** The same for packets already made: literal data, signed or not. */
export async function encryptPackets(message: Message<Uint8Array>, certificates: readonly Uint8Array[], nowMs: number): Promise<Encrypted> {
  const date = judgementDate(nowMs);
  const encryptionKeys = await usableKeys(certificates, date);
  if (!encryptionKeys) return { ok: false, reason: 'noUsableCertificate' };
  return { ok: true, message: await encrypt({ message, encryptionKeys, format: 'binary', date, config: OPENPGP_SETTINGS }) };
}

async function usableKeys(certificates: readonly Uint8Array[], date: Date): Promise<PublicKey[] | null> {
  if (certificates.length === 0) return null;
  try {
    const keys = await Promise.all(certificates.map(readKnownCertificate));
    await Promise.all(keys.map((key) => key.getEncryptionKey(undefined, date)));
    return keys;
  } catch {
    return null;
  }
}
