import { createMessage, readSignature, verify } from 'openpgp';
import { toBinary } from './armor.js';
import { judgementDate, OPENPGP_SETTINGS, readUsableCertificates } from './openpgp-settings.js';
import { judgeSignatures, MAX_SIGNATURES, type SignatureVerdict } from './signature-verdict.js';

/** Largest detached signature read; eight RSA-4096 signatures with notations are a tenth of it. */
const MAX_SIGNATURE_BYTES = 64 * 1024;
const INVALID: SignatureVerdict = { signature: 'invalid', fingerprint: null };

/**
 * Verifies a detached signature (binary or armored) over the octets exactly as given; PGP/MIME callers pass the part with
 * CRLF line ends (RFC 3156 §5). Unreadable signatures are invalid.
 */
export async function verifyDetachedSignature(input: {
  octets: Uint8Array; signature: Uint8Array; certificates: readonly Uint8Array[]; nowMs: number;
}): Promise<SignatureVerdict> {
  const binary = input.signature.length > MAX_SIGNATURE_BYTES ? null : toBinary(input.signature);
  if (!binary) return INVALID;
  try {
    const signature = await readSignature({ binarySignature: binary, config: OPENPGP_SETTINGS });
    if (signature.packets.length === 0 || signature.packets.length > MAX_SIGNATURES) return INVALID;
    const verificationKeys = await readUsableCertificates(input.certificates);
    const message = await createMessage({ binary: input.octets });
    const date = judgementDate(input.nowMs);
    const { signatures } = await verify({ message, signature, verificationKeys, format: 'binary', date, config: OPENPGP_SETTINGS });
    return (await judgeSignatures(signatures, verificationKeys)) ?? INVALID;
  } catch {
    return INVALID;
  }
}
