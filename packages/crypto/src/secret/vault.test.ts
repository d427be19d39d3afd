import { expect, test } from '@jest/globals';
import { encode } from 'cborg';
import { Redacted, type AccountId } from '@paloma/shared-model';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { createStorageRoots } from './storage-keys.js';
import { addPassphraseWrap, createVault, openVault, stripLocalWraps } from './vault.js';

const random = seededRandom('vault');
const accountId = 'A'.repeat(22) as AccountId;
const roots = createStorageRoots(random);
const exportKey = random.bytes(64);
const passphrase = new Redacted('correct horse battery staple');
const vault = createVault({ accountId, roots }, exportKey, random);

test('a vault opens with the export key of the login', async () => {
  expect(await openVault(vault, accountId, { exportKey })).toEqual({ ok: true, roots });
});

test('the device opens its own copy with the passphrase, also when it was typed in another normal form', async () => {
  const local = await addPassphraseWrap(vault, accountId, { exportKey }, new Redacted('Gru\u0308\u00dfe'), random);
  expect((await openVault(local, accountId, { passphrase: new Redacted('Gr\u00fc\u00dfe') })).ok).toBe(true);
});

test('a new passphrase wrap replaces the old one and can be made from it', async () => {
  const first = await addPassphraseWrap(vault, accountId, { exportKey }, passphrase, random);
  const second = await addPassphraseWrap(first, accountId, { passphrase }, new Redacted('another'), random);
  expect((await openVault(second, accountId, { passphrase: new Redacted('another') })).ok).toBe(true);
  expect(await openVault(second, accountId, { passphrase })).toEqual({ ok: false });
});

test('what goes to the provider is as it was before the passphrase wrap', async () => {
  const local = await addPassphraseWrap(vault, accountId, { exportKey }, passphrase, random);
  expect(stripLocalWraps(local)).toEqual(vault);
});

test.each<[string, () => ReturnType<typeof openVault>]>([
  ['another export key', () => openVault(vault, accountId, { exportKey: random.bytes(64) })],
  ['another account', () => openVault(vault, 'B'.repeat(22) as AccountId, { exportKey })],
  ['a passphrase where there is no such wrap', () => openVault(vault, accountId, { passphrase })],
  ['octets that are no vault', () => openVault(Buffer.from('nothing'), accountId, { exportKey })],
  ['too many octets', () => openVault(new Uint8Array(70_000), accountId, { exportKey })],
])('a vault does not open with %s', async (_what, open) => {
  expect(await open()).toEqual({ ok: false });
});

property('a vault with any one bit flipped does not open, or opens to the same roots', fc.nat(vault.length * 8 - 1), async (bit) => {
  const changed = Uint8Array.from(vault);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  const opened = await openVault(changed, accountId, { exportKey });
  expect(opened.ok ? opened.roots : roots).toEqual(roots);
});

test('a cost that would exhaust the device is refused without being paid', async () => {
  const parameters = { memoryKib: 64 * 1024 * 1024, passes: 3, lanes: 1 };
  const wraps = [{ kind: 'passphrase', salt: new Uint8Array(16), parameters, wrapped: new Uint8Array(60) }];
  expect(await openVault(encode({ v: 1, sealed: new Uint8Array(100), wraps }), accountId, { passphrase })).toEqual({ ok: false });
});
