import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseFingerprint, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import { mergeCertificates, parseCertificate } from '@paloma/crypto/public';
import { decryptMessage, encryptAndSign, renewSecretKey, type GeneratedSecretKey } from '@paloma/crypto/secret';
import { manualClock } from '@paloma/test-kit';
import { parseAutocryptHeader } from './autocrypt.js';
import { Keyring } from './keyring.js';
import { autocryptOf, bob, DAY_MS, found, keyFor, openKeyring, START_MS, vouched, weak } from './test/example-keyring.js';

const me = { address: parseMailAddress('Me@example.org'), name: 'Me' };

/** Two keys that claim to be Bob's. */
let bobs: GeneratedSecretKey;
let others: GeneratedSecretKey;

beforeAll(async () => {
  [bobs, others] = await Promise.all([keyFor(bob), keyFor(bob)]);
});

describe('the own key', () => {
  test('is made once, however often it is asked for', async () => {
    const { keyring } = openKeyring();
    const certificates = await Promise.all([keyring.ensureOwnKey(me), keyring.ensureOwnKey(me)]);
    certificates.push(await keyring.ensureOwnKey(me));
    expect(new Set(certificates.map((certificate) => Buffer.from(certificate).toString('hex'))).size).toBe(1);
    expect(keyring.ownSecretKeys()).toHaveLength(1);
    expect(keyring.ownCertificate()).toEqual(certificates[0]);
    expect(await parseCertificate(certificates[0]!, START_MS)).toMatchObject({ certificate: { addresses: ['me@example.org'], canEncrypt: true } });
  });

  test('is there after a restart', async () => {
    const { keyring, store } = openKeyring();
    const certificate = await keyring.ensureOwnKey(me);
    const again = new Keyring({ store, clock: manualClock(START_MS), directory: { lookUp: async () => 'noKey' } });
    expect(await again.ensureOwnKey(me)).toEqual(certificate);
  });

  test('is renewed 60 days before it expires, as the same key', async () => {
    const { keyring, clock } = openKeyring();
    const certificate = await keyring.ensureOwnKey(me);
    clock.advance(669 * DAY_MS);
    expect(await keyring.ensureOwnKey(me)).toEqual(certificate);
    clock.advance(2 * DAY_MS);
    const renewed = await parseCertificate(await keyring.ensureOwnKey(me), clock.nowMs());
    expect(renewed).toMatchObject({ certificate: { expiresAtMs: START_MS + (671 + 730) * DAY_MS } });
    expect(keyring.ownSecretKeys()).toHaveLength(1);
  });

  test('stands first; a retired one is kept behind it for reading', async () => {
    const { keyring } = openKeyring();
    const former = await keyFor(me.address, START_MS);
    await keyring.ensureOwnKey(me);
    await keyring.addRetiredKey(me.address, former.transferableSecretKey);
    const [, second] = keyring.ownSecretKeys();
    expect(second).toEqual(former.transferableSecretKey);
    expect(keyring.certificatesFor(me.address)).toHaveLength(2);
  });

  test('is what the own address resolves to, and nobody can offer another one', async () => {
    const { keyring, asked } = openKeyring();
    const certificate = await keyring.ensureOwnKey(me);
    expect(await keyring.accept(me.address, (await keyFor(me.address)).certificate, weak)).toMatchObject({ outcome: 'unusable' });
    expect(await keyring.resolve(parseMailAddress('me@EXAMPLE.org'))).toMatchObject({ state: 'verified', certificate });
    expect(asked).toEqual([]);
  });

  test('goes out in the Autocrypt header', async () => {
    const { keyring } = openKeyring();
    const certificate = await keyring.ensureOwnKey(me);
    expect(parseAutocryptHeader((await keyring.autocryptHeader(me.address)).slice('Autocrypt:'.length))).toEqual({ address: 'me@example.org', prefersEncryption: true, certificate });
  });

  test('has a user id for each alias, and shows whoever asks about one address that one alone', async () => {
    const { keyring, store, clock } = openKeyring();
    const alias = parseMailAddress('Alias@example.org');
    await keyring.ensureOwnKey(me);
    clock.advance(DAY_MS);
    const certificate = await keyring.ensureOwnKey({ ...me, aliases: [alias] });
    const addressesOf = async (bytes: Uint8Array) => {
      const parsed = await parseCertificate(bytes, clock.nowMs());
      return parsed.ok && { addresses: parsed.certificate.addresses, canEncrypt: parsed.certificate.canEncrypt };
    };
    expect(await addressesOf(certificate)).toEqual({ addresses: ['me@example.org', 'alias@example.org'], canEncrypt: true });
    expect(await addressesOf(await keyring.ownCertificateFor(me.address))).toEqual({ addresses: ['me@example.org'], canEncrypt: true });
    expect(await addressesOf(await keyring.ownCertificateFor(alias))).toEqual({ addresses: ['alias@example.org'], canEncrypt: true });
    expect(keyring.ownSecretKeys()).toHaveLength(1);
    expect(await keyring.ensureOwnKey({ ...me, aliases: [alias] })).toEqual(certificate);
    const { address, certificate: shown } = parseAutocryptHeader((await keyring.autocryptHeader(alias)).slice('Autocrypt:'.length))!;
    expect([address, await addressesOf(shown)]).toEqual(['alias@example.org', { addresses: ['alias@example.org'], canEncrypt: true }]);
    store.transact((transaction) => transaction.put('identity', 'alias', { identityId: 'alias', address: 'alias@example.org', name: '', textSignature: '' }));
    expect(await keyring.resolve(alias)).toMatchObject({ state: 'verified', certificate });
    expect(await keyring.accept(alias, others.certificate, weak)).toMatchObject({ outcome: 'unusable' });
    expect(keyring.certificatesFor(alias)).toHaveLength(1);
  });

  test('must have been made before it is asked for', async () => {
    const { keyring } = openKeyring();
    expect(() => keyring.ownCertificate()).toThrow(expect.objectContaining({ code: 'noOwnKey' }));
    await expect(keyring.autocryptHeader(me.address)).rejects.toThrow(expect.objectContaining({ code: 'noOwnKey' }));
    expect(keyring.ownSecretKeys()).toEqual([]);
  });
});

describe('resolving', () => {
  test('a stranger is looked up once and then known, with what the directory earned him', async () => {
    const { keyring, answer, asked } = openKeyring();
    answer(bob, found(bobs));
    const expected = { state: 'found', certificate: bobs.certificate, fingerprint: bobs.fingerprint, level: 'providerTrust' };
    expect(await keyring.resolve(bob)).toEqual(expected);
    expect(await keyring.resolve(bob)).toEqual(expected);
    expect(asked).toEqual(['bob@example.net']);
  });

  test('questions asked at the same time are one question', async () => {
    const { keyring, answer, asked } = openKeyring();
    answer(bob, found(bobs));
    await Promise.all([keyring.resolve(bob), keyring.resolve(bob), keyring.resolve(parseMailAddress('bob@example.net'))]);
    expect(asked).toHaveLength(1);
  });

  test.each<['noKey' | 'lookupFailed']>([['noKey'], ['lookupFailed']])('%s stays what it is, and is asked again a minute later', async (said) => {
    const { keyring, answer, asked, clock } = openKeyring();
    answer(bob, said);
    expect(await keyring.resolve(bob)).toEqual({ state: said });
    await keyring.resolve(bob);
    expect(asked).toHaveLength(1);
    clock.advance(60_000);
    answer(bob, found(bobs));
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found' });
  });

  test('a directory that has keys of others only has none', async () => {
    const { keyring, answer } = openKeyring();
    answer(bob, found(await keyFor(parseMailAddress('mallory@example.net'))));
    expect(await keyring.resolve(bob)).toEqual({ state: 'noKey' });
    expect(keyring.certificatesFor(bob)).toEqual([]);
  });

  test('of several the newest usable one is taken', async () => {
    const { keyring, answer, clock } = openKeyring();
    const newer = await keyFor(bob, START_MS + DAY_MS);
    clock.advance(2 * DAY_MS);
    answer(bob, found(bobs, newer));
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: newer.fingerprint });
  });

  test('after a day the directory is asked again; an outage takes nothing away', async () => {
    const { keyring, answer, asked, clock } = openKeyring();
    answer(bob, found(bobs));
    await keyring.resolve(bob);
    clock.advance(DAY_MS + 1);
    answer(bob, 'lookupFailed');
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
    expect(asked).toHaveLength(2);
  });

  test('a renewed certificate is picked up before the old one is given out', async () => {
    const { keyring, answer, clock } = openKeyring();
    answer(bob, found(bobs));
    await keyring.resolve(bob);
    clock.advance(800 * DAY_MS);
    answer(bob, 'lookupFailed');
    expect(await keyring.resolve(bob)).toEqual({ state: 'lookupFailed' });
    clock.advance(60_000);
    answer(bob, found(await renewSecretKey(bobs.transferableSecretKey, START_MS + 700 * DAY_MS)));
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
  });

  test('the refresh asks about whom was not checked for the longest time', async () => {
    const { keyring, asked, clock } = openKeyring();
    const carol = parseMailAddress('carol@example.net');
    await keyring.accept(bob, bobs.certificate, weak);
    clock.advance(1000);
    await keyring.accept(carol, (await keyFor(carol)).certificate, weak);
    clock.advance(1000);
    await keyring.refreshOldest();
    await keyring.refreshOldest();
    expect(asked).toEqual(['bob@example.net', 'carol@example.net']);
  });
});

describe('a changed key', () => {
  test('is refused and reported, the known one stays, until the user takes it', async () => {
    const { keyring, answer } = openKeyring();
    answer(bob, found(bobs));
    await keyring.resolve(bob);
    expect(await keyring.accept(bob, others.certificate, vouched)).toEqual({ outcome: 'refused', fingerprint: others.fingerprint });
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'keyChanged', fingerprint: bobs.fingerprint });
    expect(keyring.takeRefused(bob)).toBe(true);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: others.fingerprint, level: 'knownKey' });
    expect(keyring.certificatesFor(bob)).toEqual([others.certificate, bobs.certificate]);
  });

  test('that the user does not want is forgotten', async () => {
    const { keyring, store } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    await keyring.accept(bob, others.certificate, weak);
    keyring.keepKnown(bob);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
    expect(store.get('certificate', others.fingerprint)).toBeNull();
  });

  test('of many false ones the last alone is kept', async () => {
    const { keyring, store } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    for (const key of [others, await keyFor(bob), others]) await keyring.accept(bob, key.certificate, weak);
    expect(store.list('certificate')).toHaveLength(2);
    expect(keyring.certificatesFor(bob)).toEqual([bobs.certificate, others.certificate]);
  });

  test('of better provenance is taken while the known one was not used both ways', async () => {
    const { keyring } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    keyring.markUsed(bob, 'encrypt');
    expect(await keyring.accept(bob, others.certificate, vouched)).toMatchObject({ outcome: 'accepted' });
    keyring.markUsed(bob, 'encrypt');
    keyring.markUsed(bob, 'verify');
    expect(await keyring.accept(bob, bobs.certificate, { source: 'import', level: 'knownKey' })).toMatchObject({ outcome: 'refused' });
  });
});

describe('verifying', () => {
  test('the known fingerprint makes the certificate verified, and another one cannot take its place', async () => {
    const { keyring, answer } = openKeyring();
    answer(bob, found(bobs));
    await keyring.resolve(bob);
    expect(keyring.verifyFingerprint(bob, others.fingerprint)).toBe(false);
    expect(keyring.verifyFingerprint(bob, bobs.fingerprint)).toBe(true);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'verified', level: 'fingerprint' });
    expect(await keyring.accept(bob, others.certificate, vouched)).toMatchObject({ outcome: 'ignored' });
  });

  test('the refused fingerprint puts that certificate in the place of the known one', async () => {
    const { keyring } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    await keyring.accept(bob, others.certificate, weak);
    expect(keyring.verifyFingerprint(bob, parseFingerprint(others.fingerprint.toLowerCase()))).toBe(true);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'verified', fingerprint: others.fingerprint });
  });

  test('nothing can be verified about a stranger', () => {
    expect(openKeyring().keyring.verifyFingerprint(bob, bobs.fingerprint)).toBe(false);
  });
});

describe('learning', () => {
  test('from Autocrypt makes a stranger known, not verified; the same key again changes nothing', async () => {
    const { keyring, store } = openKeyring();
    const value = autocryptOf(bob, bobs);
    expect(await keyring.learnFromAutocrypt(bob, value, START_MS)).toMatchObject({ outcome: 'accepted' });
    const revision = store.get('certificate', bobs.fingerprint)?.revision;
    expect(await keyring.learnFromAutocrypt(bob, value, START_MS)).toMatchObject({ outcome: 'merged' });
    expect(store.get('certificate', bobs.fingerprint)?.revision).toBe(revision);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', level: 'weakChain' });
  });

  test.each<[string, MailAddress, number]>([
    ['in the name of another', parseMailAddress('mallory@example.net'), START_MS],
    ['in mail from before the known key', bob, START_MS - 1],
  ])('from Autocrypt %s is not done', async (_what, from, sentAtMs) => {
    const { keyring } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    const value = autocryptOf(bob, others);
    expect(await keyring.learnFromAutocrypt(from, value, sentAtMs)).toBeNull();
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
  });

  test('a better provenance of the same key raises its level, a worse one does not lower it', async () => {
    const { keyring } = openKeyring();
    for (const provenance of [weak, vouched, weak]) await keyring.accept(bob, bobs.certificate, provenance);
    expect(await keyring.resolve(bob)).toMatchObject({ level: 'providerTrust' });
  });

  test('a later state of the same key is merged, so an old copy cannot take the renewal back', async () => {
    const { keyring, store, clock } = openKeyring();
    clock.advance(701 * DAY_MS);
    const renewed = (await renewSecretKey(bobs.transferableSecretKey, START_MS + 700 * DAY_MS)).certificate;
    for (const certificate of [bobs.certificate, renewed, bobs.certificate]) await keyring.accept(bob, certificate, weak);
    const stored = store.get('certificate', bobs.fingerprint)!.content.transferablePublicKey;
    expect(stored).toEqual(await mergeCertificates(bobs.certificate, renewed, clock.nowMs()));
    expect(await parseCertificate(stored, clock.nowMs())).toMatchObject({ certificate: { expiresAtMs: START_MS + 1430 * DAY_MS } });
  });

  test.each<[string, () => Promise<Uint8Array>, string]>([
    ['for another address', async () => (await keyFor(parseMailAddress('mallory@example.net'))).certificate, 'otherAddress'],
    ['with its secret key', async () => bobs.transferableSecretKey, 'containsSecretKey'],
    ['that is none', async () => Buffer.from('none'), 'malformed'],
    ['that has expired', async () => (await keyFor(bob, START_MS - 731 * DAY_MS)).certificate, 'expiredOrRevoked'],
  ])('a certificate %s is not taken', async (_what, certificate, reason) => {
    const { keyring } = openKeyring();
    expect(await keyring.accept(bob, await certificate(), weak)).toEqual({ outcome: 'unusable', reason });
  });

  test('certificates offered at the same time are decided one after the other, and none is lost', async () => {
    const { keyring } = openKeyring();
    const verified = { source: 'import', level: 'fingerprint' } as const;
    const third = await keyFor(bob);
    await keyring.accept(bob, bobs.certificate, weak);
    await Promise.all([keyring.accept(bob, others.certificate, verified), keyring.accept(bob, third.certificate, verified)]);
    expect(keyring.certificatesFor(bob)).toHaveLength(3);
  });

  test.each(["o'neil/a*b~c!@example.net", `${'\u00e4'.repeat(60)}@${'long-'.repeat(10)}x.example.net`])('the address %s has a place', async (text) => {
    const { keyring } = openKeyring();
    const address = parseMailAddress(text);
    await keyring.accept(address, (await keyFor(address)).certificate, weak);
    expect(await keyring.resolve(address)).toMatchObject({ state: 'found' });
  });
});

test('what is encrypted to a resolved certificate, the other end reads with its own keys', async () => {
  const [alice, carol] = [openKeyring(), openKeyring()];
  await alice.keyring.ensureOwnKey({ address: parseMailAddress('alice@example.org'), name: 'Alice' });
  const certificate = await carol.keyring.ensureOwnKey({ address: parseMailAddress('carol@example.org'), name: 'Carol' });
  alice.answer(parseMailAddress('carol@example.org'), { found: [certificate], source: 'ownProvider' });
  const resolution = await alice.keyring.resolve(parseMailAddress('carol@example.org'));
  if (resolution.state !== 'found') throw new Error(resolution.state);
  const encrypted = await encryptAndSign({ octets: Buffer.from('hello'), certificates: [resolution.certificate], secretKey: alice.keyring.ownSecretKeys()[0]!, nowMs: START_MS });
  await carol.keyring.learnFromAutocrypt(parseMailAddress('alice@example.org'), (await alice.keyring.autocryptHeader(parseMailAddress('alice@example.org'))).slice('Autocrypt:'.length), START_MS);
  const decrypted = await decryptMessage({
    message: encrypted.ok ? encrypted.message : new Uint8Array(), secretKeys: carol.keyring.ownSecretKeys(),
    verificationCertificates: carol.keyring.certificatesFor(parseMailAddress('alice@example.org')), nowMs: START_MS,
  });
  expect(decrypted).toMatchObject({ ok: true, octets: new Uint8Array(Buffer.from('hello')), signature: 'valid' });
});
