// Encryption to certificates, for the MX (which holds no secret) and as the base of the signed form on devices.

import { createMessage, encrypt, type Message, type PublicKey } from 'openpgp';
import { readKnownCertificate } from './known-certificates.js';
import { judgementDate, OPENPGP_SETTINGS } from './openpgp-settings.js';

/** What is larger is encrypted in steps of this size. */
const STEP_BYTES = 1024 * 1024;

export type Encrypted = { ok: true; message: Uint8Array } | { ok: false; reason: 'noUsableCertificate' };

/**
 * Encrypts to all of the certificates or to none: one that is expired, revoked or unreadable refuses the whole, because a
 * recipient left out silently cannot read the mail. The message is binary, integrity protected, not compressed.
 */
export async function encryptToCertificates(octets: Uint8Array, certificates: readonly Uint8Array[], nowMs: number): Promise<Encrypted> {
  const date = judgementDate(nowMs);
  const encryptionKeys = await usableKeys(certificates, date);
  if (!encryptionKeys) return { ok: false, reason: 'noUsableCertificate' };
  const options = { encryptionKeys, format: 'binary', date, config: OPENPGP_SETTINGS } as const;
  if (octets.length <= STEP_BYTES) return { ok: true, message: await encrypt({ message: await createMessage({ binary: octets, date: new Date(nowMs) }), ...options }) };
  const steps = await encrypt({ message: await createMessage({ binary: stepsOf(octets), date: new Date(nowMs) }), ...options });
  return { ok: true, message: Buffer.concat(await Array.fromAsync(steps as AsyncIterable<Uint8Array>)) };
}

/** In one piece openpgp holds a large message five times over. */
function stepsOf(octets: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= octets.length) return controller.close();
      controller.enqueue(octets.subarray(at, at + STEP_BYTES));
      at += STEP_BYTES;
    },
  }, { highWaterMark: 0 });
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
