// AES-256-GCM with the tag behind the ciphertext: the one cipher of docs/protocol/envelope.md. Octets become a `KeyObject` first:
// Node takes longer to look whether octets are one than to make one (for 10 kB, 30 µs to encrypt instead of 19).

import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { RandomSource } from '@paloma/shared-model';

export const KEY_OCTETS = 32;
export const NONCE_OCTETS = 12;
export const TAG_OCTETS = 16;

const CIPHER = 'aes-256-gcm';

/** `ciphertext ‖ tag(16)`. A nonce must never serve twice under one key. */
export function sealOctets(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, createSecretKey(key), nonce, { authTagLength: TAG_OCTETS }).setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Null when anything at all is wrong; never a part of the plaintext. */
export function openOctets(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | null {
  if (sealed.length < TAG_OCTETS || nonce.length !== NONCE_OCTETS) return null;
  const tagStart = sealed.length - TAG_OCTETS;
  const decipher = createDecipheriv(CIPHER, createSecretKey(key), nonce, { authTagLength: TAG_OCTETS }).setAAD(aad).setAuthTag(sealed.subarray(tagStart));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, tagStart)), decipher.final()]);
  } catch {
    return null;
  }
}

/** `nonce(12, random) ‖ ciphertext ‖ tag(16)`, for keys that seal few things. */
export function sealWithNonce(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, random: RandomSource): Uint8Array {
  const nonce = random.bytes(NONCE_OCTETS);
  return new Uint8Array(Buffer.concat([nonce, sealOctets(key, nonce, plaintext, aad)]));
}

export function openWithNonce(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | null {
  return openOctets(key, sealed.subarray(0, NONCE_OCTETS), sealed.subarray(NONCE_OCTETS), aad);
}
