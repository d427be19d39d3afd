import { beforeAll, expect, test } from '@jest/globals';
import { readPrivateKey } from 'openpgp';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { parseCertificate } from '../public/certificate.js';
import { DAY_MS, keyOf, NOW_MS } from './openpgp-fixtures.js';
import { certificateOf, exportSecretKey, generateSecretKey, importSecretKey, renewSecretKey, type GeneratedSecretKey } from './secret-key.js';

const passphrase = new Redacted('correct horse');
let alice: GeneratedSecretKey;

beforeAll(async () => {
  alice = await keyOf('alice');
});

test('a new key has the form that GnuPG 2.2 reads', async () => {
  const key = await readPrivateKey({ binaryKey: alice.transferableSecretKey });
  const algorithms = key.getKeys().map((part) => part.getAlgorithmInfo());
  expect(key.keyPacket.version).toBe(4);
  expect(algorithms).toEqual([{ algorithm: 'eddsaLegacy', curve: 'ed25519Legacy' }, { algorithm: 'ecdh', curve: 'curve25519Legacy' }]);
});

test('the certificate of a key is the one published', async () => {
  expect(await certificateOf(alice.transferableSecretKey)).toEqual(alice.certificate);
});

test.each([['Ali <mallory@example.org>', 'Ali mallory@example.org'], ['  A\u0000 B\n', 'A B'], ['', '']])('the name %p becomes %p in the user id', async (name, expected) => {
  const { transferableSecretKey } = await generateSecretKey({ address: parseMailAddress('ali@example.org'), name, nowMs: NOW_MS });
  const { userID } = (await readPrivateKey({ binaryKey: transferableSecretKey })).users[0]!;
  expect([userID?.name, userID?.email]).toEqual([expected, 'ali@example.org']);
});

test('an exported key is locked and comes back whole', async () => {
  const exported = await exportSecretKey(alice.transferableSecretKey, passphrase);
  expect((await readPrivateKey({ armoredKey: exported })).isDecrypted()).toBe(false);
  const imported = await importSecretKey(exported, passphrase);
  expect(imported.ok && await certificateOf(imported.transferableSecretKey)).toEqual(alice.certificate);
});

test.each<[string, () => Promise<string | Uint8Array>, Redacted<string> | null, string]>([
  ['with a wrong passphrase', () => exportSecretKey(alice.transferableSecretKey, passphrase), new Redacted('wrong'), 'wrongPassphrase'],
  ['with no passphrase', () => exportSecretKey(alice.transferableSecretKey, passphrase), null, 'wrongPassphrase'],
  ['of a certificate', async () => alice.certificate, passphrase, 'malformed'],
  ['of text', async () => 'nothing', passphrase, 'malformed'],
])('an import %s fails', async (_what, exported, given, reason) => {
  expect(await importSecretKey(await exported(), given)).toEqual({ ok: false, reason });
});

test('a key without a lock is imported as it is', async () => {
  expect(await importSecretKey(alice.transferableSecretKey, null)).toEqual({ ok: true, transferableSecretKey: alice.transferableSecretKey });
});

test('a renewed key is the same key, valid for two more years, also for encryption', async () => {
  const renewedAtMs = NOW_MS + 700 * DAY_MS;
  const renewed = await renewSecretKey(alice.transferableSecretKey, renewedAtMs);
  expect(renewed.fingerprint).toBe(alice.fingerprint);
  expect(await parseCertificate(renewed.certificate, renewedAtMs + 729 * DAY_MS)).toMatchObject({
    certificate: { expiresAtMs: renewedAtMs + 730 * DAY_MS, canEncrypt: true, canSign: true, addresses: ['alice@example.org'] },
  });
});
