// Certificates are public; their tests stand here because making one needs a secret key.

import { beforeAll, expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { armor } from '../public/armor.js';
import { certificateForAddress, isCertifiedBy, mergeCertificates, parseCertificate, splitCertificates, type Certificate } from '../public/certificate.js';
import { encryptToCertificates } from '../public/encrypt.js';
import { MAX_CERTIFICATE_BYTES } from '../public/openpgp-settings.js';
import { certificateWithUserIds, certifiedBy, DAY_MS, keyOf, NOW_MS, revokedCertificate } from './openpgp-fixtures.js';
import { renewSecretKey, type GeneratedSecretKey } from './secret-key.js';

let alice: GeneratedSecretKey;
let bob: GeneratedSecretKey;

beforeAll(async () => {
  [alice, bob] = await Promise.all([keyOf('alice'), keyOf('bob')]);
});

async function parsed(bytes: Uint8Array, nowMs = NOW_MS): Promise<Certificate> {
  const result = await parseCertificate(bytes, nowMs);
  if (!result.ok) throw new Error(result.reason);
  return result.certificate;
}

test('our own certificate says what it is', async () => {
  expect(await parsed(alice.certificate)).toEqual({
    fingerprint: alice.fingerprint, bytes: alice.certificate, addresses: ['alice@example.org'],
    createdAtMs: NOW_MS, expiresAtMs: NOW_MS + 730 * DAY_MS, isRevoked: false, canEncrypt: true, canSign: true,
  });
});

test('an armored certificate is the same certificate', async () => {
  expect(await parsed(Buffer.from(armor('certificate', alice.certificate)))).toEqual(await parsed(alice.certificate));
});

test('all valid addresses are given once, in canonical form', async () => {
  const bytes = await certificateWithUserIds(['A@Example.ORG', 'a@example.org', 'other@example.net']);
  expect((await parsed(bytes)).addresses).toEqual(['a@example.org', 'other@example.net']);
});

test('for one address the others are left out, and what has no other stays as it is', async () => {
  const bytes = await certificateWithUserIds(['a@example.org', 'b@example.org']);
  const shown = await certificateForAddress(bytes, parseMailAddress('B@example.org'));
  expect(await parsed(shown)).toMatchObject({ fingerprint: (await parsed(bytes)).fingerprint, addresses: ['b@example.org'], canEncrypt: true, canSign: true });
  expect(Buffer.from(shown).toString('latin1')).not.toContain('a@example.org');
  expect(await certificateForAddress(alice.certificate, parseMailAddress('alice@example.org'))).toBe(alice.certificate);
  await expect(certificateForAddress(bytes, parseMailAddress('c@example.org'))).rejects.toMatchObject({ code: 'malformed' });
  await expect(certificateForAddress(Buffer.from('x'), parseMailAddress('c@example.org'))).rejects.toMatchObject({ code: 'malformed' });
});

test.each<[string, () => Uint8Array, string]>([
  ['a secret key', () => alice.transferableSecretKey, 'containsSecretKey'],
  ['two certificates', () => new Uint8Array(Buffer.concat([alice.certificate, bob.certificate])), 'malformed'],
  ['a cut certificate', () => alice.certificate.subarray(0, 100), 'malformed'],
  ['text', () => Buffer.from('hello'), 'malformed'],
  ['nothing', () => new Uint8Array(), 'malformed'],
  ['too much', () => new Uint8Array(MAX_CERTIFICATE_BYTES + 1).fill(0x99), 'tooBig'],
])('%s is no certificate', async (_what, bytes, reason) => {
  expect(await parseCertificate(bytes(), NOW_MS)).toEqual({ ok: false, reason });
});

property('damaged certificates are refused or parsed, never thrown at the caller', fc.tuple(fc.nat(), fc.nat(255)), async ([position, value]) => {
  const bytes = Uint8Array.from(alice.certificate);
  bytes[position % bytes.length] = value;
  expect(typeof (await parseCertificate(bytes, NOW_MS)).ok).toBe('boolean');
});

test.each<[string, () => Promise<Uint8Array>, number]>([
  ['expired', async () => alice.certificate, NOW_MS + 731 * DAY_MS],
  ['revoked as compromised', () => revokedCertificate(alice, 'keyCompromised', NOW_MS + DAY_MS), NOW_MS],
  ['revoked as retired', () => revokedCertificate(alice, 'keyRetired'), NOW_MS + DAY_MS],
  ['not yet made', async () => alice.certificate, NOW_MS - DAY_MS],
])('a certificate that is %s cannot be used, and one such among several refuses all', async (_what, certificate, nowMs) => {
  const bytes = await certificate();
  expect((await parsed(bytes, nowMs)).canEncrypt).toBe(false);
  expect(await encryptToCertificates(Buffer.from('x'), [bob.certificate, bytes], nowMs)).toEqual({ ok: false, reason: 'noUsableCertificate' });
});

test('without certificates nothing is encrypted', async () => {
  expect(await encryptToCertificates(Buffer.from('x'), [], NOW_MS)).toEqual({ ok: false, reason: 'noUsableCertificate' });
});

test('a merge never loses a revocation, whichever side has it', async () => {
  const revoked = await revokedCertificate(alice, 'keyCompromised');
  const merges = [mergeCertificates(revoked, alice.certificate, NOW_MS), mergeCertificates(alice.certificate, revoked, NOW_MS)];
  for (const merged of await Promise.all(merges)) expect((await parsed(merged)).isRevoked).toBe(true);
});

test('a merge keeps the extended expiry, whichever side has it', async () => {
  const renewedAtMs = NOW_MS + 600 * DAY_MS;
  const renewed = (await renewSecretKey(alice.transferableSecretKey, renewedAtMs)).certificate;
  const merges = [mergeCertificates(renewed, alice.certificate, renewedAtMs), mergeCertificates(alice.certificate, renewed, renewedAtMs)];
  for (const merged of await Promise.all(merges)) {
    expect(await parsed(merged, renewedAtMs)).toMatchObject({ expiresAtMs: renewedAtMs + 730 * DAY_MS, canEncrypt: true });
  }
});

test('certificates of different keys are not merged', async () => {
  await expect(mergeCertificates(alice.certificate, bob.certificate, NOW_MS)).rejects.toMatchObject({ code: 'malformed' });
});

test('a file of several certificates is taken apart', async () => {
  const parts = await splitCertificates(Buffer.concat([alice.certificate, bob.certificate]));
  expect(await Promise.all(parts.map(async (part) => (await parsed(part)).fingerprint))).toEqual([alice.fingerprint, bob.fingerprint]);
  expect(await splitCertificates(Buffer.from('nothing'))).toEqual([]);
});

test('a certification counts only from the key asked about, on the address asked about', async () => {
  const certified = await certifiedBy(alice.certificate, bob);
  const address = parseMailAddress('alice@example.org');
  expect(await isCertifiedBy(certified, bob.certificate, address, NOW_MS)).toBe(true);
  expect(await isCertifiedBy(alice.certificate, bob.certificate, address, NOW_MS)).toBe(false);
  expect(await isCertifiedBy(certified, (await keyOf('bob')).certificate, address, NOW_MS)).toBe(false);
  expect(await isCertifiedBy(certified, bob.certificate, parseMailAddress('carol@example.org'), NOW_MS)).toBe(false);
});
