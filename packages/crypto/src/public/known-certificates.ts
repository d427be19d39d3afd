import { createHash } from 'node:crypto';
import type { PublicKey, Subkey } from 'openpgp';
import { readCertificate } from './openpgp-settings.js';
import { sessionKeySealer, type SessionKeySealer } from './session-key-packet.js';

const MAX_KNOWN = 500;

const known = new Map<string, PublicKey>();
/** By key packet, which a known certificate keeps. */
const sealers = new WeakMap<object, SessionKeySealer | null>();

/**
 * As `readCertificate`, for one that is used again and again: checking its self-signatures costs more than encrypting a letter, and openpgp
 * remembers on the key that they are good. What is valid at a moment is judged each time.
 */
export async function readKnownCertificate(certificate: Uint8Array): Promise<PublicKey> {
  const digest = createHash('sha256').update(certificate).digest('base64');
  const key = known.get(digest) ?? await readCertificate(certificate);
  known.delete(digest);
  known.set(digest, key);   // the one used last is the last
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  return key;
}

/** Null: the key is for openpgp.js. */
export function sealerOf({ keyPacket }: PublicKey | Subkey): SessionKeySealer | null {
  const known = sealers.get(keyPacket);
  if (known !== undefined) return known;
  const sealer = sessionKeySealer(keyPacket.write(), Buffer.from(keyPacket.getFingerprint(), 'hex'));
  sealers.set(keyPacket, sealer);
  return sealer;
}
