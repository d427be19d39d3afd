// The vault carries the storage roots to a user's devices. A random vault key seals them; that key is wrapped once for the
// login (a key that OPAQUE gives the client alone) and, in the device's own copy, once for the passphrase without network.

import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { AccountId, RandomSource, Redacted } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { KEY_OCTETS, NONCE_OCTETS, openOctets, sealOctets } from './aead.js';
import { canon } from './canonical.js';
import { hkdf } from './hkdf.js';
import { formatVault, formatVaultContent, parseVault, parseVaultContent, type Argon2Cost, type VaultFile, type VaultWrap } from './vault-format.js';

export type VaultAccess = { exportKey: Uint8Array } | { passphrase: Redacted<string> };
export type OpenedVault = { ok: true; roots: Map<number, Uint8Array> } | { ok: false };

/** About 0.2 s on a laptop: RFC 9106 §4, second recommended option, with one lane. */
const PASSPHRASE_COST: Argon2Cost = { memoryKib: 64 * 1024, passes: 3, lanes: 1 };
const SALT_OCTETS = 16;
const argon2Async = promisify(argon2);

/** A vault as the provider keeps it: opened with the OPAQUE export key (64 octets), of registration and of every login alike. */
export function createVault(content: { accountId: AccountId; roots: ReadonlyMap<number, Uint8Array> }, exportKey: Uint8Array, random: RandomSource): Uint8Array {
  const vaultKey = random.bytes(KEY_OCTETS);
  const sealed = sealWithNonce(vaultKey, formatVaultContent(content.roots, content.accountId), contentBinding(content.accountId), random);
  const wrapped = sealWithNonce(loginWrappingKey(exportKey), vaultKey, wrapBinding('login', content.accountId), random);
  return formatVault({ sealed, wraps: [{ kind: 'login', wrapped }] });
}

/** Not ok: wrong passphrase or key, another account's vault, or damage; they look alike. */
export async function openVault(vault: Uint8Array, accountId: AccountId, access: VaultAccess): Promise<OpenedVault> {
  const file = parseVault(vault);
  const vaultKey = file && await unwrapVaultKey(file, accountId, access);
  const content = vaultKey && openWithNonce(vaultKey, file.sealed, contentBinding(accountId));
  const roots = content && parseVaultContent(content, accountId);
  return roots ? { ok: true, roots } : { ok: false };
}

/**
 * The device's own copy: opens without the network, with the passphrase. Replaces an earlier passphrase wrap.
 * @throws {CryptoError} "malformed" when `access` does not open the vault
 */
export async function addPassphraseWrap(
  vault: Uint8Array, accountId: AccountId, access: VaultAccess, passphrase: Redacted<string>, random: RandomSource,
): Promise<Uint8Array> {
  const file = parseVault(vault);
  const vaultKey = file && await unwrapVaultKey(file, accountId, access);
  if (!vaultKey) throw new CryptoError('malformed', 'vault does not open');
  const salt = random.bytes(SALT_OCTETS);
  const wrappingKey = await passphraseWrappingKey(passphrase, salt, PASSPHRASE_COST);
  const wrapped = sealWithNonce(wrappingKey, vaultKey, wrapBinding('passphrase', accountId), random);
  return formatVault({ ...file, wraps: [...withoutLocalWraps(file), { kind: 'passphrase', salt, cost: PASSPHRASE_COST, wrapped }] });
}

/** The form for the provider, which must get nothing that could be guessed at offline. @throws {CryptoError} "malformed" */
export function stripLocalWraps(vault: Uint8Array): Uint8Array {
  const file = parseVault(vault);
  if (!file) throw new CryptoError('malformed', 'not a vault');
  return formatVault({ ...file, wraps: withoutLocalWraps(file) });
}

function withoutLocalWraps(file: VaultFile): VaultWrap[] {
  return file.wraps.filter((wrap) => wrap.kind === 'login');
}

async function unwrapVaultKey(file: VaultFile, accountId: AccountId, access: VaultAccess): Promise<Uint8Array | null> {
  const kind = 'exportKey' in access ? 'login' : 'passphrase';
  const wrap = file.wraps.find((candidate) => candidate.kind === kind);
  const wrappingKey = wrap && await wrappingKeyFor(wrap, access);
  return wrappingKey ? openWithNonce(wrappingKey, wrap.wrapped, wrapBinding(kind, accountId)) : null;
}

async function wrappingKeyFor(wrap: VaultWrap, access: VaultAccess): Promise<Uint8Array | null> {
  if (wrap.kind === 'login') return 'exportKey' in access ? loginWrappingKey(access.exportKey) : null;
  return 'passphrase' in access ? passphraseWrappingKey(access.passphrase, wrap.salt, wrap.cost) : null;
}

function loginWrappingKey(exportKey: Uint8Array): Uint8Array {
  return hkdf(exportKey, new Uint8Array(), 'paloma/1', 'vault-login');
}

async function passphraseWrappingKey(passphrase: Redacted<string>, salt: Uint8Array, cost: Argon2Cost): Promise<Uint8Array> {
  const message = Buffer.from(passphrase.reveal().normalize('NFC'), 'utf8');
  return argon2Async('argon2id', {
    message, nonce: salt, memory: cost.memoryKib, passes: cost.passes, parallelism: cost.lanes, tagLength: KEY_OCTETS,
  });
}

function contentBinding(accountId: AccountId): Uint8Array {
  return canon('paloma/1', 'vault', accountId);
}

function wrapBinding(kind: VaultWrap['kind'], accountId: AccountId): Uint8Array {
  return canon('paloma/1', 'vault-wrap', kind, accountId);
}

function sealWithNonce(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array, random: RandomSource): Uint8Array {
  const nonce = random.bytes(NONCE_OCTETS);
  return new Uint8Array(Buffer.concat([nonce, sealOctets(key, nonce, plaintext, aad)]));
}

function openWithNonce(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | null {
  return openOctets(key, sealed.subarray(0, NONCE_OCTETS), sealed.subarray(NONCE_OCTETS), aad);
}
