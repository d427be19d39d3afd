// The vault carries the storage roots to a user's devices. A random vault key seals them; that key is wrapped once for each way
// to it (vault-wraps.ts). A device that is unlocked holds the vault key, so it opens the next vault of the account too, without
// the passphrase (docs/decisions/0007-rotation-and-the-vault-key.md).

import { Redacted, type AccountId, type RandomSource } from '@paloma/shared-model';
import { canon } from '../public/canonical.js';
import { CryptoError } from '../public/crypto-error.js';
import { KEY_OCTETS, openWithNonce, sealWithNonce } from './aead.js';
import { FULL_STRETCHING, type PassphraseStretching } from './passphrase-stretching.js';
import { formatVault, formatVaultContent, parseVault, parseVaultContent, type VaultContent, type VaultFile } from './vault-format.js';
import { openWrap, unwrapVaultKey, wrapForLogin, wrapForPassphrase, wrapForRecovery, type VaultAccess, type VaultKey } from './vault-wraps.js';

export type OpenedVault = ({ ok: true; vaultKey: VaultKey } & VaultContent) | { ok: false };

/** The first vault of an account, as the provider keeps it: opened with the OPAQUE export key, of registration and of every login alike. */
export function createVault(content: { accountId: AccountId; roots: ReadonlyMap<number, Uint8Array> }, exportKey: Uint8Array, random: RandomSource): Uint8Array {
  const { accountId } = content;
  const vaultKey = random.bytes(KEY_OCTETS);
  const sealed = sealContent({ roots: content.roots, serial: 1 }, accountId, vaultKey, random);
  return formatVault({ sealed, wraps: [wrapForLogin(vaultKey, accountId, exportKey, random)] });
}

/** Not ok: wrong passphrase or key, another account's vault, or damage; they look alike. */
export async function openVault(vault: Uint8Array, accountId: AccountId, access: VaultAccess): Promise<OpenedVault> {
  const file = parseVault(vault);
  const vaultKey = file && await unwrapVaultKey(file, accountId, access);
  const octets = vaultKey && openWithNonce(vaultKey, file.sealed, contentBinding(accountId));
  const content = octets && parseVaultContent(octets, accountId);
  return content ? { ok: true, vaultKey: new Redacted(vaultKey), ...content } : { ok: false };
}

/** New content under the same vault key: every wrap, also on devices that do not hear of it now, goes on to open it. */
export function resealVault(vault: Uint8Array, accountId: AccountId, vaultKey: VaultKey, content: VaultContent, random: RandomSource): Uint8Array {
  return formatVault({ ...parsed(vault), sealed: sealContent(content, accountId, vaultKey.reveal(), random) });
}

/** New content under a new vault key, with a login wrap and no other: whoever holds the key before opens nothing of it. */
export function rekeyVault(accountId: AccountId, content: VaultContent, exportKey: Uint8Array, random: RandomSource): Uint8Array {
  const vaultKey = random.bytes(KEY_OCTETS);
  const sealed = sealContent(content, accountId, vaultKey, random);
  return formatVault({ sealed, wraps: [wrapForLogin(vaultKey, accountId, exportKey, random)] });
}

/** For a new OPAQUE record of the passphrase. Replaces the login wrap before. @throws {CryptoError} "malformed" */
export function replaceLoginWrap(vault: Uint8Array, accountId: AccountId, vaultKey: VaultKey, exportKey: Uint8Array, random: RandomSource): Uint8Array {
  const file = parsed(vault);
  return formatVault({ ...file, wraps: [wrapForLogin(vaultKey.reveal(), accountId, exportKey, random), ...wrapsBut('login', file)] });
}

/** For a new recovery code. Replaces the recovery wrap before. @throws {CryptoError} "malformed" */
export function replaceRecoveryWrap(vault: Uint8Array, accountId: AccountId, vaultKey: VaultKey, exportKey: Uint8Array, random: RandomSource): Uint8Array {
  const file = parsed(vault);
  return formatVault({ ...file, wraps: [...wrapsBut('recovery', file), wrapForRecovery(vaultKey.reveal(), accountId, exportKey, random)] });
}

/**
 * The device's own copy: opens without the network, with the passphrase. Replaces earlier passphrase wraps, unless it is to
 * stand beside them while it is not known which passphrase the provider takes.
 * @throws {CryptoError} "malformed" when `access` does not open the vault
 */
export async function addPassphraseWrap(
  vault: Uint8Array, accountId: AccountId, access: VaultAccess, passphrase: Redacted<string>, random: RandomSource,
  { besideOthers = false, stretching = FULL_STRETCHING }: { besideOthers?: boolean; stretching?: PassphraseStretching } = {},
): Promise<Uint8Array> {
  const file = parsed(vault);
  const vaultKey = await unwrapVaultKey(file, accountId, access);
  if (!vaultKey) throw new CryptoError('malformed', 'vault does not open');
  const kept = besideOthers ? file.wraps : wrapsBut('passphrase', file);
  return formatVault({ ...file, wraps: [...kept, await wrapForPassphrase(vaultKey, accountId, passphrase, random, stretching)] });
}

/** Leaves those passphrase wraps alone that this passphrase opens, or that it does not open. @throws {CryptoError} "malformed" */
export async function keepPassphraseWraps(vault: Uint8Array, accountId: AccountId, passphrase: Redacted<string>, which: 'opened' | 'others'): Promise<Uint8Array> {
  const file = parsed(vault);
  const kept = await Promise.all(file.wraps.map(async (wrap) =>
    wrap.kind !== 'passphrase' || ((await openWrap(wrap, accountId, { passphrase })) !== null) === (which === 'opened')));
  return formatVault({ ...file, wraps: file.wraps.filter((_wrap, index) => kept[index]) });
}

/** The form for the provider, which must get nothing that could be guessed at offline. @throws {CryptoError} "malformed" */
export function stripLocalWraps(vault: Uint8Array): Uint8Array {
  const file = parsed(vault);
  return formatVault({ ...file, wraps: wrapsBut('passphrase', file) });
}

/** The vault that the provider has now, with the passphrase wraps of the device's copy: both of one vault key. @throws {CryptoError} "malformed" */
export function adoptProviderVault(local: Uint8Array, provider: Uint8Array): Uint8Array {
  const file = parsed(provider);
  return formatVault({ ...file, wraps: [...wrapsBut('passphrase', file), ...parsed(local).wraps.filter(({ kind }) => kind === 'passphrase')] });
}

function parsed(vault: Uint8Array): VaultFile {
  const file = parseVault(vault);
  if (!file) throw new CryptoError('malformed', 'not a vault');
  return file;
}

function wrapsBut(kind: VaultFile['wraps'][number]['kind'], file: VaultFile): VaultFile['wraps'] {
  return file.wraps.filter((wrap) => wrap.kind !== kind);
}

function sealContent(content: VaultContent, accountId: AccountId, vaultKey: Uint8Array, random: RandomSource): Uint8Array {
  return sealWithNonce(vaultKey, formatVaultContent(content, accountId), contentBinding(accountId), random);
}

function contentBinding(accountId: AccountId): Uint8Array {
  return canon('paloma/1', 'vault', accountId);
}
