import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { acceptablePublicKey } from './acceptable-public-key.js';

const spki = { type: 'spki', format: 'der' } as const;
const KEYS = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export(spki),
  Ed25519: generateKeyPairSync('ed25519').publicKey.export(spki),
  'RSA of 2048 bits': generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(spki),
};

test.each(Object.entries(KEYS))('%s is taken as it is', (_name, key) => {
  expect(acceptablePublicKey(key)).toEqual(new Uint8Array(key));
});

test.each<[string, Uint8Array]>([
  ['RSA of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export(spki)],
  ['RSA of 5120 bits', rsaOf(5120)],
  ['a curve that TLS libraries lack', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export(spki)],
  ['a key that signs nothing', generateKeyPairSync('x25519').publicKey.export(spki)],
  ['a private key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'der' })],
  ['no key', Buffer.from('nonsense')],
  ['nothing', new Uint8Array()],
])('%s is refused', (_name, key) => {
  expect(acceptablePublicKey(key)).toBeNull();
});

test('what stands behind a key does not come along', () => {
  expect(acceptablePublicKey(Buffer.concat([KEYS.Ed25519, Buffer.from('behind')]))).toEqual(new Uint8Array(KEYS.Ed25519));
});

/** The form of a key without the time that making one takes. */
function rsaOf(bits: number): Uint8Array {
  const { n, ...jwk } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const modulus = Buffer.concat([Buffer.from(n!, 'base64url'), Buffer.alloc((bits - 2048) / 8, 1)]);
  return createPublicKey({ key: { ...jwk, n: modulus.toString('base64url') }, format: 'jwk' }).export(spki);
}
