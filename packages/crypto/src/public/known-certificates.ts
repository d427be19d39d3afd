import { createHash } from 'node:crypto';
import { generateSessionKey, type PublicKey, type Subkey } from 'openpgp';
import { OPENPGP_SETTINGS, readCertificate } from './openpgp-settings.js';
import { sessionKeySealer, type SessionKeySealer } from './session-key-packet.js';

const MAX_KNOWN = 500;

/** A certificate that may be encrypted to at a certain moment. */
export interface UsableCertificate {
  key: PublicKey;
  /** For the subkey of that moment; null: it is of a kind for openpgp.js. */
  sealer: SessionKeySealer | null;
  /** By its preferences; AES-128 is what every program reads (RFC 9580 §9.3). */
  readsAes256: boolean;
  /** RFC 9580 §5.13.2. */
  wantsAead: boolean;
}

interface KnownCertificate {
  key: PublicKey;
  judged: { second: number; usable: UsableCertificate } | null;
}

const known = new Map<string, KnownCertificate>();
const sealers = new WeakMap<object, SessionKeySealer | null>();

/**
 * For certificates that are used again and again: checking self-signatures costs more than encrypting a letter, so the one read, on which
 * openpgp.js remembers that they are good, is kept. What is valid at a moment holds for its second, in which OpenPGP counts (§3.5).
 * @throws when it cannot be read, or is expired, revoked or without a usable subkey then
 */
export async function usableCertificate(certificate: Uint8Array, date: Date): Promise<UsableCertificate> {
  const entry = await knownCertificate(certificate);
  const second = Math.floor(date.getTime() / 1000);
  if (entry.judged?.second !== second) entry.judged = { second, usable: await judge(entry.key, date) };
  return entry.judged.usable;
}

async function knownCertificate(certificate: Uint8Array): Promise<KnownCertificate> {
  const digest = createHash('sha256').update(certificate).digest('base64');
  const entry = known.get(digest) ?? { key: await readCertificate(certificate), judged: null };
  known.delete(digest);
  known.set(digest, entry);   // the one used last is the last
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  return entry;
}

async function judge(key: PublicKey, date: Date): Promise<UsableCertificate> {
  const sealer = sealerOf(await key.getEncryptionKey(undefined, date));
  const { algorithm, aeadAlgorithm } = await generateSessionKey({ encryptionKeys: key, date, config: OPENPGP_SETTINGS });
  return { key, sealer, readsAes256: algorithm === 'aes256', wantsAead: aeadAlgorithm !== undefined };
}

function sealerOf({ keyPacket }: PublicKey | Subkey): SessionKeySealer | null {
  const ready = sealers.get(keyPacket);
  if (ready !== undefined) return ready;
  const sealer = sessionKeySealer(keyPacket.write(), Buffer.from(keyPacket.getFingerprint(), 'hex'));
  sealers.set(keyPacket, sealer);
  return sealer;
}
