// A mail-app password that opens its account, for a machine that has to serve mail programs after a restart without anybody there. The
// vault key is wrapped by an Argon2id key of the password, in a copy of the vault that is good for nothing else: what it opens
// is the key, and with that key the device's own vault of now, so that a rotation that locks out ends this too
// (docs/decisions/0009-mail-programs-before-the-passphrase.md).

import { Redacted, type RandomSource } from '@paloma/shared-model';
import { StorageKeys, addPassphraseWrap, openVault } from '@paloma/crypto/secret';
import { StoreError, loadSecrets, type Secrets, type UnlockedAccount } from '@paloma/document-store';
import { plainMailAppPassword } from './mail-app-password-text.js';

/** `secretsPath`: of the account, on this device. */
export async function vaultForPassword(secretsPath: string, { accountId, vaultKey }: UnlockedAccount, password: Redacted<string>, random: RandomSource): Promise<Uint8Array> {
  const { vault } = await mustLoad(secretsPath);
  return addPassphraseWrap(vault, accountId, { vaultKey }, asPassphrase(password.reveal()), random);
}

/** Null when it opens nothing any more. Takes as long as a passphrase does. */
export async function unlockByPassword(secretsPath: string, vaultOfPassword: Uint8Array, password: string): Promise<UnlockedAccount | null> {
  const { accountId, vault } = await mustLoad(secretsPath);
  const opened = await openVault(vaultOfPassword, accountId, { passphrase: asPassphrase(password) });
  if (!opened.ok) return null;
  const current = await openVault(vault, accountId, { vaultKey: opened.vaultKey });
  return current.ok ? { accountId, keys: new StorageKeys(current.roots, current.names), vaultKey: current.vaultKey } : null;
}

function asPassphrase(password: string): Redacted<string> {
  return new Redacted(plainMailAppPassword(password));
}

async function mustLoad(secretsPath: string): Promise<Secrets> {
  const secrets = await loadSecrets(secretsPath);
  if (!secrets) throw new StoreError('openFailed', 'there is no secrets file');
  return secrets;
}
