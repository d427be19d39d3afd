// Literal data in a Symmetrically Encrypted and Integrity Protected Data packet of version 1 (RFC 9580 §5.13.1), made piece by piece. The
// length is known beforehand: no partial lengths, and in memory stand one piece and its ciphertext.

import { createCipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { SessionKey } from './session-key-packet.js';

const BLOCK_BYTES = 16;
const PREFIX_BYTES = BLOCK_BYTES + 2;
/** Header of the Modification Detection Code packet; its body is a SHA-1, which here resists forgery together with the encryption, not alone. */
const MDC_HEADER = Uint8Array.of(0xd3, 0x14);
const MDC_BYTES = 2 + 20;
/** With their numbers, RFC 9580 §9.3. */
const CIPHERS = { aes128: { algorithm: 7, keyBytes: 16 }, aes256: { algorithm: 9, keyBytes: 32 } } as const;

export function createSessionKey(cipher: keyof typeof CIPHERS): SessionKey {
  const { algorithm, keyBytes } = CIPHERS[cipher];
  return { algorithm, octets: randomBytes(keyBytes) };
}

/** Around octets that are a message's own. `date` is for whoever reads it: when it was encrypted. */
export function literalDataHeader(contentBytes: number, date: Date): Uint8Array {
  const body = Buffer.from('b\0\0\0\0\0', 'latin1');   // binary, without a file name (§5.9)
  body.writeUInt32BE(Math.floor(date.getTime() / 1000), 2);
  return Buffer.concat([packetHeader(0xcb, body.length + contentBytes), body]);
}

/** `pieces`: packets, `contentBytes` together. */
export function* protectedData(pieces: Iterable<Uint8Array>, contentBytes: number, { octets: key }: SessionKey): Generator<Uint8Array> {
  const cipher = createCipheriv(`aes-${key.length * 8}-cfb`, createSecretKey(key), Buffer.alloc(BLOCK_BYTES));
  const digest = createHash('sha1');
  const protect = (octets: Uint8Array): Uint8Array => {
    digest.update(octets);
    return cipher.update(octets);
  };
  yield Buffer.concat([packetHeader(0xd2, 1 + PREFIX_BYTES + contentBytes + MDC_BYTES), Uint8Array.of(1), protect(prefix())]);
  for (const piece of pieces) yield protect(piece);
  yield Buffer.concat([protect(MDC_HEADER), cipher.update(digest.digest())]);
}

/** A random block, its last two octets once more. */
function prefix(): Buffer {
  const block = randomBytes(PREFIX_BYTES);
  block.copyWithin(BLOCK_BYTES, BLOCK_BYTES - 2, BLOCK_BYTES);
  return block;
}

/** With a length of five octets, §4.2.1.3. */
function packetHeader(tag: number, bodyBytes: number): Buffer {
  const header = Buffer.of(tag, 0xff, 0, 0, 0, 0);
  header.writeUInt32BE(bodyBytes, 2);
  return header;
}
