// How openpgp is used here: one set of limits and refusals for every call, and how its objects are made from octets.
// Its defaults already refuse unauthenticated ciphertext, MD5, ElGamal and DSA; they are named again where we depend on them.

import { enums, readKey, readKeys, type PartialConfig, type PublicKey } from 'openpgp';
import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';
import { mustBeBinary } from './armor.js';

/** Largest certificate or secret key, as docs/protocol/accounts.md §4 has it. Flooded certificates reach megabytes and cost seconds to check. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;

/** Clocks of senders and receivers differ; a signature made a little in the future is not a forgery. */
const CLOCK_SKEW_MS = 5 * 60_000;

const KIB_EXPONENT_256_MIB = 18;

export const OPENPGP_SETTINGS: PartialConfig = {
  allowUnauthenticatedMessages: false,
  allowUnauthenticatedStream: false,
  maxDecompressedMessageSize: MAX_MESSAGE_BYTES,
  maxArgon2MemoryExponent: KIB_EXPONENT_256_MIB,
  preferredCompressionAlgorithm: enums.compression.uncompressed,
  showComment: false,
  showVersion: false,
};

/** The moment at which signatures and expiries are judged. */
export function judgementDate(nowMs: number): Date {
  return new Date(nowMs + CLOCK_SKEW_MS);
}

/** Reads one certificate of ours or one that `parseCertificate` accepted. */
export async function readCertificate(bytes: Uint8Array): Promise<PublicKey> {
  return readKey({ binaryKey: mustBeBinary(bytes), config: OPENPGP_SETTINGS });
}

export async function readCertificates(binary: Uint8Array): Promise<PublicKey[]> {
  return readKeys({ binaryKeys: binary, config: OPENPGP_SETTINGS });
}

/** Reads what can be read: one broken certificate must not keep the others from verifying. */
export async function readUsableCertificates(certificates: readonly Uint8Array[]): Promise<PublicKey[]> {
  const read = await Promise.allSettled(certificates.map(readCertificate));
  return read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
