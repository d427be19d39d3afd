// HKDF-SHA-256 (RFC 5869) in its two steps, so that a key from which many others derive is extracted once. Keys stay
// `KeyObject`s: Node takes three times as long for an HMAC with a key of raw octets, and a first sync does tens of thousands.

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { canon, type CanonicalField } from '../public/canonical.js';

/** T(1) of RFC 5869 §2.3 is the last block too: every key of ours is as long as one SHA-256. */
const ONLY_BLOCK = Uint8Array.of(1);

/** The pseudorandom key of RFC 5869 §2.2. `key` is not kept. */
export function extractKey(key: Uint8Array, salt: Uint8Array): KeyObject {
  return hmacKey(createHmac('sha256', hmacKey(salt)).update(key).digest());
}

/** 32 octets for a canonical info, RFC 5869 §2.3. */
export function expandKey(pseudorandomKey: KeyObject, ...info: readonly CanonicalField[]): Uint8Array {
  return new Uint8Array(createHmac('sha256', pseudorandomKey).update(canon(...info)).update(ONLY_BLOCK).digest());
}

/** Both steps, for a key that serves once. */
export function hkdf(key: Uint8Array, salt: Uint8Array, ...info: readonly CanonicalField[]): Uint8Array {
  return expandKey(extractKey(key, salt), ...info);
}

/** Octets as a key that HMAC takes without preparing it each time. */
export function hmacKey(octets: Uint8Array): KeyObject {
  return createSecretKey(octets);
}
