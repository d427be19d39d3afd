// The device's own copy of the vault in `secrets.json`: unlocking it, and replacing it in one step by what the provider has.

import type { AccountId, RandomSource, Redacted } from '@paloma/shared-model';
import { StorageKeys, addPassphraseWrap, adoptProviderVault, keepPassphraseWraps, openVault, type VaultKey } from '@paloma/crypto/secret';
import { StoreError } from '../store-error.js';
import { loadSecrets, saveSecrets, type Secrets } from './secrets-file.js';

export interface UnlockedAccount {
  accountId: AccountId;
  keys: StorageKeys;
  /** Opens the next vaults of the account too, until one is made that is to lock devices out. */
  vaultKey: VaultKey;
}

export type UnlockOutcome =
  | { ok: true; account: UnlockedAccount; isUnsettled: boolean }
  /** noAccount: this device was never signed in. */
  | { ok: false; refusal: 'noAccount' | 'wrongPassphrase' };

export class LocalVault {
  constructor(private readonly path: string, private readonly random: RandomSource) {}

  /** Needs no network, takes about 0.2 s; twice that while a change of the passphrase is not settled. */
  async unlock(passphrase: Redacted<string>): Promise<UnlockOutcome> {
    const secrets = await loadSecrets(this.path);
    if (!secrets) return { ok: false, refusal: 'noAccount' };
    const account = await openAccount(secrets.vault, secrets.accountId, { passphrase });
    return account ? { ok: true, account, isUnsettled: secrets.isUnsettled } : { ok: false, refusal: 'wrongPassphrase' };
  }

  /** Counts the contents that this device has seen: the provider must not go back behind it. */
  async serial(vaultKey: VaultKey): Promise<number> {
    const { vault, accountId } = await this.#load();
    const opened = await openVault(vault, accountId, { vaultKey });
    return opened.ok ? opened.serial : 0;
  }

  /** A copy of `vault` that this passphrase opens, and no other. */
  async replace(vault: Uint8Array, accountId: AccountId, vaultKey: VaultKey, passphrase: Redacted<string>): Promise<void> {
    const local = await addPassphraseWrap(vault, accountId, { vaultKey }, passphrase, this.random);
    await saveSecrets(this.path, { accountId, vault: local, isUnsettled: false });
  }

  /** The provider's vault under the same vault key: every passphrase that opened the copy before goes on to open it. */
  async adopt(providerVault: Uint8Array): Promise<void> {
    const secrets = await this.#load();
    await saveSecrets(this.path, { ...secrets, vault: adoptProviderVault(secrets.vault, providerVault) });
  }

  /** From here on either passphrase opens the copy, until `replace`, `restore` or `forget`. The copy before is answered. */
  async prepareFor(newPassphrase: Redacted<string>, vaultKey: VaultKey): Promise<Secrets> {
    const secrets = await this.#load();
    const vault = await addPassphraseWrap(secrets.vault, secrets.accountId, { vaultKey }, newPassphrase, this.random, { besideOthers: true });
    await saveSecrets(this.path, { ...secrets, vault, isUnsettled: true });
    return secrets;
  }

  async restore(secrets: Secrets): Promise<void> {
    await saveSecrets(this.path, secrets);
  }

  /** The provider does not take this passphrase: of the two, the other one is in force. Where there is but one, it stays. */
  async forget(passphrase: Redacted<string>): Promise<void> {
    const secrets = await this.#load();
    if (!secrets.isUnsettled) return;
    const vault = await keepPassphraseWraps(secrets.vault, secrets.accountId, passphrase, 'others');
    await saveSecrets(this.path, { ...secrets, vault, isUnsettled: false });
  }

  async #load(): Promise<Secrets> {
    const secrets = await loadSecrets(this.path);
    if (!secrets) throw new StoreError('openFailed', 'there is no secrets file');
    return secrets;
  }
}

export async function openAccount(vault: Uint8Array, accountId: AccountId, access: Parameters<typeof openVault>[2]): Promise<UnlockedAccount | null> {
  const opened = await openVault(vault, accountId, access);
  return opened.ok ? { accountId, keys: new StorageKeys(opened.roots), vaultKey: opened.vaultKey } : null;
}
