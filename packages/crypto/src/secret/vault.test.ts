import { describe, expect, test } from '@jest/globals';
import { encode } from 'cborg';
import { Redacted, type AccountId } from '@paloma/shared-model';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { StorageKeys, createStorageRoots } from './storage-keys.js';
import {
  addPassphraseWrap, adoptProviderVault, createVault, keepPassphraseWraps, openVault, rekeyVault, replaceLoginWrap, replaceRecoveryWrap, resealVault, stripLocalWraps,
} from './vault.js';
import type { VaultAccess } from './vault-wraps.js';

const random = seededRandom('vault');
const accountId = 'A'.repeat(22) as AccountId;
const roots = createStorageRoots(random);
const exportKey = random.bytes(64);
const passphrase = new Redacted('correct horse battery staple');
const vault = createVault({ accountId, roots }, exportKey, random);

/** What a guess costs in full is told by the vectors of envelope.test.ts; here it is next to nothing. */
const addWrap = (to: Uint8Array, access: VaultAccess, secret: Redacted<string>, options: { besideOthers?: boolean } = {}): Promise<Uint8Array> =>
  addPassphraseWrap(to, accountId, access, secret, random, { ...options, stretching: { memoryKib: 32, passes: 1 } });

test('a vault opens with the export key of the login', async () => {
  expect(await openVault(vault, accountId, { exportKey })).toMatchObject({ ok: true, roots, serial: 1 });
});

test('the device opens its own copy with the passphrase, also when it was typed in another normal form', async () => {
  const local = await addWrap(vault, { exportKey }, new Redacted('Gru\u0308\u00dfe'));
  expect((await openVault(local, accountId, { passphrase: new Redacted('Gr\u00fc\u00dfe') })).ok).toBe(true);
});

test('a new passphrase wrap replaces the old one and can be made from it', async () => {
  const first = await addWrap(vault, { exportKey }, passphrase);
  const second = await addWrap(first, { passphrase }, new Redacted('another'));
  expect((await openVault(second, accountId, { passphrase: new Redacted('another') })).ok).toBe(true);
  expect(await openVault(second, accountId, { passphrase })).toEqual({ ok: false });
});

test('what goes to the provider is as it was before the passphrase wrap', async () => {
  const local = await addWrap(vault, { exportKey }, passphrase);
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

describe('the life of a vault', () => {
  const later = new Map([...roots, [2, random.bytes(32)]]);
  const [otherKey, recoveryKey] = [random.bytes(64), random.bytes(64)];
  const another = new Redacted('another');
  const opens = async (octets: Uint8Array, access: VaultAccess) => (await openVault(octets, accountId, access)).ok;
  const vaultKeyOf = async (octets: Uint8Array) => {
    const opened = await openVault(octets, accountId, { exportKey });
    if (!opened.ok) throw new Error('vault does not open');
    return opened.vaultKey;
  };

  test('a new login wrap ends the one before and leaves the recovery wrap alone; and the other way round', async () => {
    const vaultKey = await vaultKeyOf(vault);
    const recoverable = replaceRecoveryWrap(vault, accountId, vaultKey, recoveryKey, random);
    const changed = replaceLoginWrap(recoverable, accountId, vaultKey, otherKey, random);
    const recoded = replaceRecoveryWrap(changed, accountId, vaultKey, otherKey, random);
    const ways: VaultAccess[] = [{ exportKey }, { exportKey: otherKey }, { recoveryExportKey: recoveryKey }, { recoveryExportKey: otherKey }];
    const seen = await Promise.all([recoverable, changed, recoded].map((octets) => Promise.all(ways.map((access) => opens(octets, access)))));
    expect(seen).toEqual([[true, false, true, false], [false, true, true, false], [false, true, false, true]]);
  });

  test('an export key of one credential does not open the wrap of the other', async () => {
    const both = replaceRecoveryWrap(vault, accountId, await vaultKeyOf(vault), recoveryKey, random);
    expect([await opens(both, { exportKey: recoveryKey }), await opens(both, { recoveryExportKey: exportKey })]).toEqual([false, false]);
  });

  test('content sealed anew opens by every wrap there was, and by the vault key of a device that is unlocked', async () => {
    const vaultKey = await vaultKeyOf(vault);
    const resealed = resealVault(vault, accountId, vaultKey, { roots: later, serial: 2 }, random);
    expect(await openVault(resealed, accountId, { exportKey })).toMatchObject({ ok: true, roots: later, serial: 2 });
    expect(await openVault(resealed, accountId, { vaultKey })).toMatchObject({ ok: true, roots: later, serial: 2 });
    const local = await addWrap(vault, { vaultKey }, passphrase);
    expect(await openVault(adoptProviderVault(local, resealed), accountId, { passphrase })).toMatchObject({ ok: true, roots: later });
  });

  test('under a new vault key nothing from before opens it', async () => {
    const vaultKey = await vaultKeyOf(vault);
    const rekeyed = rekeyVault(accountId, { roots: later, serial: 2 }, otherKey, random);
    expect(await Promise.all([{ vaultKey }, { exportKey }].map((access) => opens(rekeyed, access)))).toEqual([false, false]);
    expect(await openVault(rekeyed, accountId, { exportKey: otherKey })).toMatchObject({ ok: true, roots: later });
  });

  test('without its first root it keeps every name, seals and opens what is newer, and opens nothing older', async () => {
    const [whole, vaultKey] = [new StorageKeys(later), await vaultKeyOf(vault)];
    const content = { roots: new Map([...later].slice(1)), names: whole.names, serial: 3 };
    const opened = await openVault(resealVault(vault, accountId, vaultKey, content, random), accountId, { vaultKey });
    expect(opened).toMatchObject({ ok: true, ...content });
    if (!opened.ok) return;
    const keys = new StorageKeys(opened.roots, opened.names);
    const namesOf = (of: StorageKeys) => [of.localDatabaseKey(), of.opaqueDocumentId('identity:main' as never), of.deriveId('a', 'b'), of.contentBlobId('mail' as never, new Uint8Array(3))];
    expect(namesOf(keys)).toEqual(namesOf(whole));
    expect([keys.currentEpoch, keys.hasEpoch(1), keys.isRetired(1), whole.isRetired(1), keys.isRetired(2), keys.isRetired(9)]).toEqual([2, false, true, false, false, false]);
    expect(keys.documentKey(2, 'd' as never)).toEqual(whole.documentKey(2, 'd' as never));
    expect(() => keys.documentKey(1, 'd' as never)).toThrow(/no storage root/);
  });

  test('with neither its first root nor the names is not taken', async () => {
    const vaultKey = await vaultKeyOf(vault);
    const roots = new Map([[2, random.bytes(32)]]);
    const damaged = { id: random.bytes(32), content: random.bytes(31), localDatabase: random.bytes(32) };
    for (const content of [{ roots, serial: 2 }, { roots, names: damaged, serial: 2 }]) expect(await opens(resealVault(vault, accountId, vaultKey, content, random), { vaultKey })).toBe(false);
  });

  test('two passphrases stand side by side until one is dropped, by keeping it or by keeping the other', async () => {
    const old = await addWrap(vault, { exportKey }, passphrase);
    const both = await addWrap(old, { passphrase }, another, { besideOthers: true });
    const kept = await keepPassphraseWraps(both, accountId, another, 'opened');
    const dropped = await keepPassphraseWraps(both, accountId, another, 'others');
    const seen = await Promise.all([both, kept, dropped].map((octets) => Promise.all([passphrase, another].map((secret) => opens(octets, { passphrase: secret })))));
    expect(seen).toEqual([[true, true], [false, true], [true, false]]);
    expect(stripLocalWraps(both)).toEqual(vault);
  });
});
