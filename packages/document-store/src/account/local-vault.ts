// The device's own copy of the vault in `secrets.json`: unlocking it, and replacing it in one step by what the provider has.
// A change reads and writes the file, and an event of the provider may come in the middle of one: they wait for each other.

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

/** Last change of each file, by its path. */
const changing = new Map<string, Promise<unknown>>();

export class LocalVault {
  constructor(private readonly path: string, private readonly random: RandomSource) {}

  /** Needs no network, takes about 0.2 s; twice that while a change of the passphrase is not settled. */
  async unlock(passphrase: Redacted<string>): Promise<UnlockOutcome> {
    const secrets = await loadSecrets(this.path);
    if (!secrets) return { ok: false, refusal: 'noAccount' };
    const account = await openAccount(secrets.vault, secrets.accountId, { passphrase });
    return account ? { ok: true, account, isUnsettled: secrets.isUnsettled } : { ok: false, refusal: 'wrongPassphrase' };
  }

  /** A copy of `vault` that this passphrase opens, and no other. */
  async replace(vault: Uint8Array, accountId: AccountId, vaultKey: VaultKey, passphrase: Redacted<string>): Promise<void> {
    const local = await addPassphraseWrap(vault, accountId, { vaultKey }, passphrase, this.random);
    await this.#alone(() => saveSecrets(this.path, { accountId, vault: local, isUnsettled: false }));
  }

  /**
   * The provider's vault under the same vault key: every passphrase that opened the copy before goes on to open it. False when
   * it is older than the copy, which then stays.
   */
  adopt(providerVault: Uint8Array, vaultKey: VaultKey): Promise<boolean> {
    return this.#alone(async () => {
      const secrets = await this.#load();
      const serials = await Promise.all([providerVault, secrets.vault].map((vault) => serialOf(vault, secrets.accountId, vaultKey)));
      if (serials[0]! < serials[1]!) return false;
      await saveSecrets(this.path, { ...secrets, vault: adoptProviderVault(secrets.vault, providerVault) });
      return true;
    });
  }

  /** From here on either passphrase opens the copy, until `replace`, `restore` or `forget`. The copy before is answered. */
  prepareFor(newPassphrase: Redacted<string>, vaultKey: VaultKey): Promise<Secrets> {
    return this.#alone(async () => {
      const secrets = await this.#load();
      const vault = await addPassphraseWrap(secrets.vault, secrets.accountId, { vaultKey }, newPassphrase, this.random, { besideOthers: true });
      await saveSecrets(this.path, { ...secrets, vault, isUnsettled: true });
      return secrets;
    });
  }

  restore(secrets: Secrets): Promise<void> {
    return this.#alone(() => saveSecrets(this.path, secrets));
  }

  /** The provider does not take this passphrase: of the two, the other one is in force. Where there is but one, it stays. */
  forget(passphrase: Redacted<string>): Promise<void> {
    return this.#alone(async () => {
      const secrets = await this.#load();
      if (!secrets.isUnsettled) return;
      const vault = await keepPassphraseWraps(secrets.vault, secrets.accountId, passphrase, 'others');
      await saveSecrets(this.path, { ...secrets, vault, isUnsettled: false });
    });
  }

  #alone<R>(change: () => Promise<R>): Promise<R> {
    const result = (changing.get(this.path) ?? Promise.resolve()).then(change);
    const settled = result.catch(() => undefined).finally(() => {
      if (changing.get(this.path) === settled) changing.delete(this.path);
    });
    changing.set(this.path, settled);
    return result;
  }

  async #load(): Promise<Secrets> {
    const secrets = await loadSecrets(this.path);
    if (!secrets) throw new StoreError('openFailed', 'there is no secrets file');
    return secrets;
  }
}

/** 0 when it does not open with this key: it is of before a rotation that locked devices out. */
async function serialOf(vault: Uint8Array, accountId: AccountId, vaultKey: VaultKey): Promise<number> {
  const opened = await openVault(vault, accountId, { vaultKey });
  return opened.ok ? opened.serial : 0;
}

export async function openAccount(vault: Uint8Array, accountId: AccountId, access: Parameters<typeof openVault>[2]): Promise<UnlockedAccount | null> {
  const opened = await openVault(vault, accountId, access);
  return opened.ok ? { accountId, keys: new StorageKeys(opened.roots), vaultKey: opened.vaultKey } : null;
}
