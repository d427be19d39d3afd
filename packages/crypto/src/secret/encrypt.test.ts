// Every kind of certificate is served, by whichever of the two ways, and openpgp.js reads it.

import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { config, decryptSessionKeys, enums, generateKey, readMessage, type KeyOptions, type PartialConfig, type PrivateKey } from 'openpgp';
import { fc, property } from '@paloma/test-kit';
import { encryptInSteps, encryptToCertificates } from '../public/encrypt.js';
import { sessionKeySealer } from '../public/session-key-packet.js';
import { decryptMessage } from './decrypt-message.js';
import { keyOf, NOW_MS } from './openpgp-fixtures.js';

const content = new Uint8Array(Buffer.from('Subject: one\r\n\r\ntwo\r\n'.repeat(5_000)));

async function madeKey(options: Partial<KeyOptions>, settings: PartialConfig = {}): Promise<PrivateKey> {
  const { privateKey } = await generateKey({ userIDs: [{ email: 'someone@example.org' }], date: new Date(NOW_MS), ...options, format: 'object', config: settings });
  return privateKey;
}

/** The content in one piece and in steps. */
async function encryptions(certificates: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const [whole, steps] = [await encryptToCertificates(content, certificates, NOW_MS), await encryptInSteps([content.subarray(0, 70_000), content.subarray(70_000)], certificates, NOW_MS)];
  if (!whole.ok || !steps.ok) throw new Error('refused');
  return [whole.message, Buffer.concat(await Array.fromAsync(steps.message))];
}

async function sessionKeyAlgorithms(key: PrivateKey, certificate: Uint8Array): Promise<unknown[]> {
  return Promise.all((await encryptions([certificate])).map(async (message) => {
    const [sessionKey] = await decryptSessionKeys({ message: await readMessage({ binaryMessage: message }), decryptionKeys: key, date: new Date(NOW_MS) });
    return sessionKey?.algorithm;
  }));
}

const kinds: [string, Partial<KeyOptions>, PartialConfig][] = [
  ['Curve25519Legacy', { type: 'ecc', curve: 'curve25519Legacy' }, {}],
  ['X25519', { type: 'curve25519' }, {}],
  ['X25519 in a version 6 key', { type: 'curve25519' }, { v6Keys: true }],
  ['X448', { type: 'curve448' }, {}],
  ['NIST P-256', { type: 'ecc', curve: 'nistP256' }, {}],
  ['RSA', { type: 'rsa', rsaBits: 2048 }, {}],
  ['Curve25519Legacy, AEAD wanted', { type: 'ecc', curve: 'curve25519Legacy' }, { aeadProtect: true }],
];

test.each(kinds)('%s', async (_name, options, settings) => {
  const key = await madeKey(options, settings);
  const [certificate, other] = [key.toPublic().write(), (await keyOf('alice')).certificate];
  for (const message of [...await encryptions([certificate]), ...await encryptions([other, certificate])]) {
    const read = await decryptMessage({ message, secretKeys: [key.write()], verificationCertificates: [], nowMs: NOW_MS });
    expect(read.ok && digestOf(read.octets)).toBe(digestOf(content));
  }
});

test('programs of today get AES-256', async () => {
  const key = await madeKey({ type: 'ecc', curve: 'curve25519Legacy' });
  expect(await sessionKeyAlgorithms(key, key.toPublic().write())).toEqual(['aes256', 'aes256']);
});

test('a certificate whose programs read AES-128 alone gets that', async () => {
  const key = await madeKey({ type: 'ecc', curve: 'curve25519Legacy' });
  const [user] = key.users;
  const certification = Object.assign(user!.selfCertifications[0]!, { preferredSymmetricAlgorithms: [enums.symmetric.aes128], rawNotations: [] });
  const sign = Reflect.get(certification, 'sign') as (...parameters: unknown[]) => Promise<void>;   // the type declarations hide it
  await sign.call(certification, key.keyPacket, { userID: user!.userID, key: key.keyPacket }, new Date(NOW_MS), false, config);
  expect(await sessionKeyAlgorithms(key, key.toPublic().write())).toEqual(['aes128', 'aes128']);
});

test('a point of low order is no key to encrypt to, and other forms are left to openpgp.js', () => {
  const [fingerprint, sessionKey] = [new Uint8Array(20), { algorithm: enums.symmetric.aes256, octets: new Uint8Array(32) }];
  const x25519 = Buffer.concat([Buffer.of(4, 0, 0, 0, 0, 25), Buffer.alloc(32)]);
  const legacy = Buffer.from(`0400000000120a2b060104019755010501010740${'00'.repeat(32)}03010807`, 'hex');
  for (const body of [x25519, legacy]) {
    expect(() => sessionKeySealer(body, fingerprint)!(sessionKey)).toThrow();
    expect(sessionKeySealer(body.subarray(0, -1), fingerprint)).toBeNull();
    expect(sessionKeySealer(Buffer.concat([Buffer.of(6), body.subarray(1)]), fingerprint)).toBeNull();
  }
  const unknownHash = legacy.with(-2, 3);
  expect(sessionKeySealer(unknownHash, fingerprint)).toBeNull();
});

property('content of any length', fc.uint8Array({ maxLength: 300 }), async (octets) => {
  const alice = await keyOf('alice');
  const encrypted = await encryptToCertificates(octets, [alice.certificate], NOW_MS);
  const read = await decryptMessage({ message: encrypted.ok ? encrypted.message : new Uint8Array(), secretKeys: [alice.transferableSecretKey], verificationCertificates: [], nowMs: NOW_MS });
  expect(read.ok && digestOf(read.octets)).toBe(digestOf(octets));
});

function digestOf(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
