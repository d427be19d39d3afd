import { beforeAll, expect, test } from '@jest/globals';
import { createCleartextMessage, sign } from 'openpgp';
import { armor } from '../public/armor.js';
import { verifyDetachedSignature } from '../public/verify-signature.js';
import { DAY_MS, keyOf, NOW_MS, revokedCertificate } from './openpgp-fixtures.js';
import { readSecretKey, renewSecretKey, type GeneratedSecretKey } from './secret-key.js';
import { encryptAndSign, signDetached } from './sign.js';

const octets = Buffer.from('Content-Type: text/plain\r\n\r\nHello\r\n');
let alice: GeneratedSecretKey;
let bob: GeneratedSecretKey;
let signature: Uint8Array;

beforeAll(async () => {
  [alice, bob] = await Promise.all([keyOf('alice'), keyOf('bob')]);
  ({ signature } = await signDetached(octets, alice.transferableSecretKey, NOW_MS));
});

function verified(changes: { octets?: Uint8Array; signature?: Uint8Array; certificates?: Uint8Array[]; nowMs?: number } = {}) {
  return verifyDetachedSignature({ octets, signature, certificates: [bob.certificate, alice.certificate], nowMs: NOW_MS, ...changes });
}

test('a signature is valid, binary and armored, and names its signer and hash', async () => {
  const valid = { signature: 'valid', fingerprint: alice.fingerprint };
  expect(await verified()).toEqual(valid);
  expect(await verified({ signature: Buffer.from(armor('signature', signature)) })).toEqual(valid);
  expect((await signDetached(octets, alice.transferableSecretKey, NOW_MS)).micalg).toBe('pgp-sha512');
});

test('a signature over other octets is invalid, and by whom it claims to be is said', async () => {
  expect(await verified({ octets: Buffer.from('other') })).toEqual({ signature: 'invalid', fingerprint: alice.fingerprint });
});

test('a signer without a certificate is unknown', async () => {
  expect(await verified({ certificates: [bob.certificate] })).toEqual({ signature: 'unknownSigner', fingerprint: null });
});

test('one valid signature among those of strangers is enough', async () => {
  const strangers = (await signDetached(octets, bob.transferableSecretKey, NOW_MS)).signature;
  const both = Buffer.concat([strangers, signature]);
  expect(await verified({ signature: both, certificates: [alice.certificate] })).toEqual({ signature: 'valid', fingerprint: alice.fingerprint });
});

test.each<[string, () => Promise<Parameters<typeof verified>[0]>, string]>([
  ['made long before the certificate expired', async () => ({ nowMs: NOW_MS + 900 * DAY_MS }), 'valid'],
  ['made a minute ahead of our clock', async () => ({ nowMs: NOW_MS - 60_000 }), 'valid'],
  ['made a day ahead of our clock', async () => ({ nowMs: NOW_MS - DAY_MS }), 'invalid'],
  ['by a key that was renewed since', async () => ({ certificates: [(await renewSecretKey(alice.transferableSecretKey, NOW_MS + DAY_MS)).certificate], nowMs: NOW_MS + DAY_MS }), 'valid'],
  ['by a key that was retired later', async () => ({ certificates: [await revokedCertificate(alice, 'keyRetired', NOW_MS + DAY_MS)], nowMs: NOW_MS + 2 * DAY_MS }), 'valid'],
  ['by a key that was compromised, whenever', async () => ({ certificates: [await revokedCertificate(alice, 'keyCompromised', NOW_MS + DAY_MS)], nowMs: NOW_MS + 2 * DAY_MS }), 'invalid'],
])('a signature %s is judged', async (_what, changes, verdict) => {
  expect((await verified(await changes()))?.signature).toBe(verdict);
});

test.each<[string, () => Uint8Array]>([
  ['nothing', () => new Uint8Array()],
  ['text', () => Buffer.from('not a signature')],
  ['a certificate', () => alice.certificate],
  ['more signatures than are ever honest', () => Buffer.concat(Array.from({ length: 9 }, () => signature))],
  ['too many octets', () => Buffer.concat(Array.from({ length: 600 }, () => signature))],
])('%s is no valid signature', async (_what, given) => {
  expect(await verified({ signature: given() })).toEqual({ signature: 'invalid', fingerprint: null });
});

test('a text signature holds for either line end', async () => {
  const message = await createCleartextMessage({ text: 'one\ntwo' });
  const signed = await sign({ message, signingKeys: await readSecretKey(alice.transferableSecretKey), format: 'object', date: new Date(NOW_MS) });
  const block = /-----BEGIN PGP SIGNATURE[^]*/.exec(signed.armor())?.[0] ?? '';
  expect(await verified({ octets: Buffer.from('one\r\ntwo'), signature: Buffer.from(block) })).toMatchObject({ signature: 'valid' });
});

test('nothing is signed and sent to a certificate that cannot be used', async () => {
  const certificates = [await revokedCertificate(bob, 'keyCompromised')];
  expect(await encryptAndSign({ octets, certificates, secretKey: alice.transferableSecretKey, nowMs: NOW_MS })).toEqual({ ok: false, reason: 'noUsableCertificate' });
});
