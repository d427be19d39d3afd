// The wraps of a vault: the vault key, sealed once for each way to it. They are independent of each other, so one can be
// made, replaced or dropped without the others (docs/protocol/envelope.md §6).

import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { AccountId, RandomSource, Redacted } from '@paloma/shared-model';
import { canon } from '../public/canonical.js';
import { KEY_OCTETS, openWithNonce, sealWithNonce } from './aead.js';
import { hkdf } from './hkdf.js';
import type { PassphraseStretching } from './passphrase-stretching.js';
import type { Argon2Cost, VaultFile, VaultWrap } from './vault-format.js';

/** 32 octets, the same for every wrap of a vault. Held by a device while it is unlocked. */
export type VaultKey = Redacted<Uint8Array>;

/** Ways to a vault key. Export keys are those of OPAQUE: 64 octets. */
export type VaultAccess = { exportKey: Uint8Array } | { recoveryExportKey: Uint8Array } | { passphrase: Redacted<string> } | { vaultKey: VaultKey };

const LANES = 1;
const SALT_OCTETS = 16;
const argon2Async = promisify(argon2);

export function wrapForLogin(vaultKey: Uint8Array, accountId: AccountId, exportKey: Uint8Array, random: RandomSource): VaultWrap {
  return { kind: 'login', wrapped: sealWithNonce(exportedWrappingKey('login', exportKey), vaultKey, wrapBinding('login', accountId), random) };
}

export function wrapForRecovery(vaultKey: Uint8Array, accountId: AccountId, exportKey: Uint8Array, random: RandomSource): VaultWrap {
  return { kind: 'recovery', wrapped: sealWithNonce(exportedWrappingKey('recovery', exportKey), vaultKey, wrapBinding('recovery', accountId), random) };
}

export async function wrapForPassphrase(
  vaultKey: Uint8Array, accountId: AccountId, passphrase: Redacted<string>, random: RandomSource, { memoryKib, passes }: PassphraseStretching,
): Promise<VaultWrap> {
  const salt = random.bytes(SALT_OCTETS);
  const cost: Argon2Cost = { memoryKib, passes, lanes: LANES };
  const wrappingKey = await passphraseWrappingKey(passphrase, salt, cost);
  return { kind: 'passphrase', salt, cost, wrapped: sealWithNonce(wrappingKey, vaultKey, wrapBinding('passphrase', accountId), random) };
}

/** Null when no wrap opens. */
export async function unwrapVaultKey(file: VaultFile, accountId: AccountId, access: VaultAccess): Promise<Uint8Array | null> {
  if ('vaultKey' in access) return access.vaultKey.reveal();
  for (const wrap of file.wraps) {
    const vaultKey = await openWrap(wrap, accountId, access);
    if (vaultKey) return vaultKey;
  }
  return null;
}

/** Null when it is another's wrap. */
export async function openWrap(wrap: VaultWrap, accountId: AccountId, access: VaultAccess): Promise<Uint8Array | null> {
  const wrappingKey = await wrappingKeyFor(wrap, access);
  return wrappingKey && openWithNonce(wrappingKey, wrap.wrapped, wrapBinding(wrap.kind, accountId));
}

async function wrappingKeyFor(wrap: VaultWrap, access: VaultAccess): Promise<Uint8Array | null> {
  if (wrap.kind === 'passphrase') return 'passphrase' in access ? passphraseWrappingKey(access.passphrase, wrap.salt, wrap.cost) : null;
  if (wrap.kind === 'recovery') return 'recoveryExportKey' in access ? exportedWrappingKey('recovery', access.recoveryExportKey) : null;
  return 'exportKey' in access ? exportedWrappingKey('login', access.exportKey) : null;
}

function exportedWrappingKey(kind: 'login' | 'recovery', exportKey: Uint8Array): Uint8Array {
  return hkdf(exportKey, new Uint8Array(), 'paloma/1', `vault-${kind}`);
}

async function passphraseWrappingKey(passphrase: Redacted<string>, salt: Uint8Array, cost: Argon2Cost): Promise<Uint8Array> {
  const message = Buffer.from(passphrase.reveal().normalize('NFC'), 'utf8');
  return argon2Async('argon2id', {
    message, nonce: salt, memory: cost.memoryKib, passes: cost.passes, parallelism: cost.lanes, tagLength: KEY_OCTETS,
  });
}

function wrapBinding(kind: VaultWrap['kind'], accountId: AccountId): Uint8Array {
  return canon('paloma/1', 'vault-wrap', kind, accountId);
}
