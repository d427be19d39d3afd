// Decryption of what strangers sent. All failures look alike, and no plaintext comes out of ciphertext that is not
// authenticated as a whole (EFAIL): symmetrically encrypted data without integrity protection is refused.

import { config, enums, readMessage, verify, type Message } from 'openpgp';
import { MAX_MESSAGE_BYTES, MAX_RECIPIENTS, type Fingerprint } from '@paloma/shared-model';
import { toBinary } from '../public/armor.js';
import { judgementDate, OPENPGP_SETTINGS, readUsableCertificates } from '../public/openpgp-settings.js';
import { judgeSignatures, MAX_SIGNATURES, type SignatureVerdict } from '../public/signature-verdict.js';
import { readSecretKey } from './secret-key.js';

export type DecryptedMessage =
  | { ok: true; octets: Uint8Array; signature: 'none' | SignatureVerdict['signature']; signerFingerprint: Fingerprint | null }
  | { ok: false };

/** Each is tried with each secret key when it hides its recipient; ten thousand of them would stop the daemon. */
const MAX_SESSION_KEY_PACKETS = 2 * MAX_RECIPIENTS;
const MAX_CIPHERTEXT_BYTES = 2 * MAX_MESSAGE_BYTES;

/**
 * Decrypts and verifies. Expired and retired secret keys still read. "unknownSigner" when none of the certificates given made
 * the signature; a signature counts only over the decrypted content itself.
 * @throws {CryptoError} "malformed" for a secret key that is not one
 */
export async function decryptMessage(input: {
  message: Uint8Array; secretKeys: readonly Uint8Array[]; verificationCertificates: readonly Uint8Array[]; nowMs: number;
}): Promise<DecryptedMessage> {
  const decryptionKeys = await Promise.all(input.secretKeys.map(readSecretKey));
  const binary = input.message.length > MAX_CIPHERTEXT_BYTES ? null : toBinary(input.message);
  if (!binary || decryptionKeys.length === 0) return { ok: false };
  try {
    const message = await readMessage({ binaryMessage: binary, config: OPENPGP_SETTINGS });
    if (countOf(message, enums.packet.publicKeyEncryptedSessionKey) > MAX_SESSION_KEY_PACKETS) return { ok: false };
    const date = judgementDate(input.nowMs);
    const content = await message.decrypt(decryptionKeys, undefined, undefined, date, { ...config, ...OPENPGP_SETTINGS }) as Message<Uint8Array>;
    return await verifyContent(content, input.verificationCertificates, date);
  } catch {
    return { ok: false };
  }
}

/** Signatures are counted before they are verified: each one hashes the whole content, whoever made it. */
async function verifyContent(message: Message<Uint8Array>, certificates: readonly Uint8Array[], date: Date): Promise<DecryptedMessage> {
  if (countOf(message.unwrapCompressed(), enums.packet.onePassSignature, enums.packet.signature) > MAX_SIGNATURES) return { ok: false };
  const verificationKeys = await readUsableCertificates(certificates);
  const { data, signatures } = await verify({ message, verificationKeys, format: 'binary', date, config: OPENPGP_SETTINGS });
  const verdict = await judgeSignatures(signatures, verificationKeys);
  return { ok: true, octets: data, signature: verdict?.signature ?? 'none', signerFingerprint: verdict?.fingerprint ?? null };
}

function countOf({ packets }: Message<Uint8Array>, ...tags: enums.packet[]): number {
  return packets.filterByTag(...tags).length;
}
