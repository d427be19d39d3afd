// Public-Key Encrypted Session Key packets (RFC 9580 §5.1.1, version 3) for keys on Curve25519, which those of ours are. openpgp.js makes the
// same ones by way of WebCrypto, five asynchronous steps each: most of what encrypting a letter costs.

import { createCipheriv, createHash, createPublicKey, createSecretKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';

export interface SessionKey {
  /** Symmetric algorithm, RFC 9580 §9.3. */
  algorithm: number;
  octets: Uint8Array;
}

/** Gives the packet with this session key in it, for the holder of one key. @throws when the key is a point of low order, which keeps no secret */
export type SessionKeySealer = (sessionKey: SessionKey) => Uint8Array;

const ECDH = 18;
const X25519 = 25;
const POINT_BYTES = 32;
/** Version, time of creation, algorithm: RFC 9580 §5.5.2.2. */
const V4_HEADER_BYTES = 6;
/** Length and OID of Curve25519Legacy (§9.2), then the length in bits and the first octet of its point in native form (§11.2.3). */
const LEGACY_POINT_HEADER = Buffer.from('0a2b0601040197550105010107' + '40', 'hex');
const LEGACY_OID_BYTES = 11;
const KDF_HASHES: Readonly<Record<number, string>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512' };
/** AES of 128, 192, 256 bits. */
const KEK_BYTES: Readonly<Record<number, number>> = { 7: 16, 8: 24, 9: 32 };
/** RFC 3394 §2.2.3.1. */
const KEY_WRAP_IV = Buffer.alloc(8, 0xa6);

/** For a version 4 key, by the body of its packet; null: one of another kind. `fingerprint`: 20 octets. */
export function sessionKeySealer(keyPacketBody: Uint8Array, fingerprint: Uint8Array): SessionKeySealer | null {
  const body = Buffer.from(keyPacketBody);
  if (body[0] !== 4) return null;
  const material = body.subarray(V4_HEADER_BYTES);
  const keyId = fingerprint.subarray(-8);
  if (body[5] === ECDH) return legacySealer(material, keyId, fingerprint);
  return body[5] === X25519 && material.length === POINT_BYTES ? x25519Sealer(material, keyId) : null;
}

/** RFC 9580 §5.1.5, §11.4. */
function legacySealer(material: Buffer, keyId: Uint8Array, fingerprint: Uint8Array): SessionKeySealer | null {
  const kdf = material.subarray(LEGACY_POINT_HEADER.length + POINT_BYTES);
  const [hash, kekBytes] = [KDF_HASHES[kdf[2]!], KEK_BYTES[kdf[3]!]];
  const isCurve25519 = material.subarray(0, LEGACY_POINT_HEADER.length).equals(LEGACY_POINT_HEADER);
  if (!isCurve25519 || kdf.length !== 4 || kdf[0] !== 3 || kdf[1] !== 1 || hash === undefined || kekBytes === undefined) return null;
  const recipient = publicKeyOf(material.subarray(LEGACY_POINT_HEADER.length, -kdf.length));
  const parameters = Buffer.concat([material.subarray(0, LEGACY_OID_BYTES), Uint8Array.of(ECDH), kdf, Buffer.from('Anonymous Sender    '), fingerprint]);
  return ({ algorithm, octets }) => {
    const { point, shared } = agree(recipient);
    const kek = createHash(hash).update(Uint8Array.of(0, 0, 0, 1)).update(shared).update(parameters).digest().subarray(0, kekBytes);
    const wrapped = wrapKey(kek, padded(Buffer.concat([Uint8Array.of(algorithm), octets, checksum(octets)])));
    return packet(keyId, ECDH, [LEGACY_POINT_HEADER.subarray(LEGACY_OID_BYTES), point, Uint8Array.of(wrapped.length), wrapped]);
  };
}

/** RFC 9580 §5.1.6. */
function x25519Sealer(material: Buffer, keyId: Uint8Array): SessionKeySealer {
  const recipient = publicKeyOf(material);
  return ({ algorithm, octets }) => {
    const { point, shared } = agree(recipient);
    const kek = Buffer.from(hkdfSync('sha256', Buffer.concat([point, material, shared]), '', 'OpenPGP X25519', 16));
    const wrapped = wrapKey(kek, octets);
    return packet(keyId, X25519, [point, Uint8Array.of(1 + wrapped.length, algorithm), wrapped]);
  };
}

/** With a key of the moment. */
function agree(recipient: KeyObject): { point: Buffer; shared: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return { point: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'), shared: diffieHellman({ privateKey, publicKey: recipient }) };
}

function publicKeyOf(point: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: point.toString('base64url') }, format: 'jwk' });
}

/** RFC 3394. */
function wrapKey(kek: Buffer, octets: Uint8Array): Buffer {
  return createCipheriv(`id-aes${kek.length * 8}-wrap`, createSecretKey(kek), KEY_WRAP_IV).update(octets);
}

/** RFC 9580 §5.1.5: the sum of the octets, and RFC 8018 padding to eight. */
function checksum(octets: Uint8Array): Uint8Array {
  const sum = octets.reduce((total, octet) => total + octet, 0);
  return Uint8Array.of(sum >> 8, sum);
}

function padded(octets: Buffer): Buffer {
  const missing = 8 - octets.length % 8;
  return Buffer.concat([octets, Buffer.alloc(missing, missing)]);
}

function packet(keyId: Uint8Array, algorithm: number, material: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Uint8Array.of(3), keyId, Uint8Array.of(algorithm), ...material]);
  return Buffer.concat([Uint8Array.of(0xc1, body.length), body]);   // under 192 octets: one of length (§4.2.1.1)
}
