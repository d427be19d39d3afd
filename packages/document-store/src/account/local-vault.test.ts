import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { Redacted } from '@paloma/shared-model';
import { createStorageRoots, createVault, openVault, rekeyVault, resealVault, type VaultContent, type VaultKey } from '@paloma/crypto/secret';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { WEAK_STRETCHING } from '../test/weak-stretching.js';
import { LocalVault } from './local-vault.js';
import { withNextRoot } from './vault-content-changes.js';

const directory = temporaryDirectory();
const random = seededRandom('local vault');
const [OLD, NEW] = [new Redacted('correct horse'), new Redacted('battery staple')];
const EXPORT_KEY = new Uint8Array(64).fill(7);

interface Copy {
  local: LocalVault;
  vault: Uint8Array;
  content: VaultContent;
  vaultKey: VaultKey;
}

/** A device's copy of a new vault, which OLD opens. */
async function copyOfNewVault(): Promise<Copy> {
  const local = new LocalVault(join(mkdtempSync(join(directory, 'device-')), 'secrets.json'), random, WEAK_STRETCHING);
  const vault = createVault({ accountId: EXAMPLE_ACCOUNT_ID, roots: createStorageRoots(random) }, EXPORT_KEY, random);
  await local.takeOver(vault, EXAMPLE_ACCOUNT_ID, { exportKey: EXPORT_KEY }, OLD);
  const opened = await openVault(vault, EXAMPLE_ACCOUNT_ID, { exportKey: EXPORT_KEY });
  if (!opened.ok) throw new Error('the vault does not open');
  const { vaultKey, ...content } = opened;
  return { local, vault, content, vaultKey };
}

/** The epoch that a passphrase leads to; null when it opens nothing. */
async function epochBehind({ local }: Copy, passphrase: Redacted<string>): Promise<number | null> {
  const outcome = await local.unlock(passphrase);
  return outcome.ok ? outcome.account.keys.currentEpoch : null;
}

test('a change of the passphrase that is refused undoes nothing that came from the provider meanwhile', async () => {
  const copy = await copyOfNewVault();
  const { local, vault, content, vaultKey } = copy;
  const before = await local.prepareFor(NEW, vaultKey);
  await local.adopt(resealVault(vault, EXAMPLE_ACCOUNT_ID, vaultKey, withNextRoot(content, random), random), vaultKey);
  await local.restore(before, vaultKey);
  expect([await epochBehind(copy, OLD), await epochBehind(copy, NEW)]).toEqual([2, null]);
  expect(await local.unlock(OLD)).toMatchObject({ isUnsettled: false });
});

test('nor a sign-in under a new vault key', async () => {
  const copy = await copyOfNewVault();
  const { local, content, vaultKey } = copy;
  const before = await local.prepareFor(NEW, vaultKey);
  const lockingOut = rekeyVault(EXAMPLE_ACCOUNT_ID, withNextRoot(content, random), EXPORT_KEY, random);
  await local.takeOver(lockingOut, EXAMPLE_ACCOUNT_ID, { exportKey: EXPORT_KEY }, OLD);
  await local.restore(before, vaultKey);
  expect([await epochBehind(copy, OLD), await epochBehind(copy, NEW)]).toEqual([2, null]);
});
