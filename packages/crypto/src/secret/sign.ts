// Signatures by the user's own key.

import { createMessage, enums, sign, type SignaturePacket } from 'openpgp';
import { encryptMessage, type Encrypted } from '../public/encrypt.js';
import { OPENPGP_SETTINGS } from '../public/openpgp-settings.js';
import { readSecretKey } from './secret-key.js';

/** Binary signature over the octets exactly as given, with the `micalg` parameter of PGP/MIME (RFC 3156 §5). */
export async function signDetached(octets: Uint8Array, transferableSecretKey: Uint8Array, nowMs: number): Promise<{ signature: Uint8Array; micalg: string }> {
  const signingKeys = await readSecretKey(transferableSecretKey);
  const message = await createMessage({ binary: octets });
  const signed = await sign({ message, signingKeys, detached: true, format: 'object', date: new Date(nowMs), config: OPENPGP_SETTINGS });
  const packets = signed.packets.filterByTag(enums.packet.signature);
  return { signature: packets.write(), micalg: micalgOf(packets[0] as SignaturePacket) };
}

/** Signs, then encrypts to all certificates or none (see `encryptToCertificates`). To read it later, include the own certificate. */
export async function encryptAndSign(input: {
  octets: Uint8Array; certificates: readonly Uint8Array[]; secretKey: Uint8Array; nowMs: number;
}): Promise<Encrypted> {
  const date = new Date(input.nowMs);
  const signingKeys = await readSecretKey(input.secretKey);
  const message = await createMessage({ binary: input.octets, date });
  const signed = await sign({ message, signingKeys, format: 'object', date, config: OPENPGP_SETTINGS });
  return encryptMessage(signed, input.certificates, input.nowMs);
}

function micalgOf(signature: SignaturePacket): string {
  return `pgp-${enums.read(enums.hash, signature.hashAlgorithm as number)}`;
}
