// The device's own copy of the vault in `secrets.json`: unlocking it, and replacing it in one step by what the provider has.
// A change reads and writes the file, and an event of the provider may come in the middle of one: they wait for each other.

import { createHash } from 'node:crypto';
import type { AccountId, RandomSource, Redacted } from '@paloma/shared-model';
import {
  FULL_STRETCHING, StorageKeys, addPassphraseWrap, adoptProviderVault, keepPassphraseWraps, openVault, replaceLoginWrap, stripLocalWraps,
  type OpenedVault, type VaultAccess, type VaultContent, type VaultKey,
} from '@paloma/crypto/secret';
import { StoreError } from '../store-error.js';
import { loadSecrets, saveSecrets, type Secrets } from './secrets-file.js';
import { mayFollow } from './vault-content-changes.js';

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

type OpenedCopy = OpenedVault & { ok: true; vault: Uint8Array };

/** Last change of each file, by its path. */
const changing = new Map<string, Promise<unknown>>();

export class LocalVault {
  /** Only tests give a `stretching`. */
  constructor(private readonly path: string, private readonly random: RandomSource, private readonly stretching = FULL_STRETCHING) {}

  /** Needs no network, takes about 0.2 s; twice that while a change of the passphrase is not settled. */
  async unlock(passphrase: Redacted<string>): Promise<UnlockOutcome> {
    const secrets = await loadSecrets(this.path);
    if (!secrets) return { ok: false, refusal: 'noAccount' };
    const account = await openAccount(secrets.vault, secrets.accountId, { passphrase });
    return account ? { ok: true, account, isUnsettled: secrets.isUnsettled } : { ok: false, refusal: 'wrongPassphrase' };
  }

  /**
   * Makes a copy that this passphrase opens, and no other: of the provider's vault, unless that could not come after the copy
   * that is there, which is then kept. The account of the copy; null when neither opens.
   */
  takeOver(providerVault: Uint8Array, accountId: AccountId, access: VaultAccess, passphrase: Redacted<string>): Promise<UnlockedAccount | null> {
    return this.#alone(async () => {
      const provider = await openVault(providerVault, accountId, access);
      const known = await this.#openKnown(accountId, provider.ok ? [{ vaultKey: provider.vaultKey }, { passphrase }] : [{ passphrase }]);
      const isTaken = provider.ok && (!known || mayFollow(provider, known));
      const chosen = isTaken ? { ...provider, vault: providerVault } : known;
      if (!chosen) return null;
      const { vaultKey } = chosen;
      const vault = await addPassphraseWrap(chosen.vault, accountId, { vaultKey }, passphrase, this.random, { stretching: this.stretching });
      await saveSecrets(this.path, { accountId, vault, isUnsettled: false, ...(!isTaken && { refusedVault: digestOf(providerVault) }) });
      return { accountId, keys: new StorageKeys(chosen.roots, chosen.names), vaultKey };
    });
  }

  /**
   * The provider's vault under the same vault key: every passphrase that opened the copy before goes on to open it. False when
   * it could not come after the copy, which then stays.
   */
  adopt(providerVault: Uint8Array, vaultKey: VaultKey): Promise<boolean> {
    return this.#alone(async () => {
      const { accountId, vault, isUnsettled } = await this.#load();
      const [provider, known] = [await openVault(providerVault, accountId, { vaultKey }), await openVault(vault, accountId, { vaultKey })];
      if (!provider.ok || (known.ok && !mayFollow(provider, known))) return false;
      await saveSecrets(this.path, { accountId, isUnsettled, vault: adoptProviderVault(vault, providerVault) });
      return true;
    });
  }

  /** What the copy holds, when it opens with this key; null when there is none, or it does not. */
  content(accountId: AccountId, vaultKey: VaultKey): Promise<VaultContent | null> {
    return this.#openKnown(accountId, [{ vaultKey }]);
  }

  /** The copy as the provider would have had it. */
  async forProvider(accountId: AccountId, passphrase: Redacted<string>, exportKey: Uint8Array): Promise<Uint8Array | null> {
    const known = await this.#openKnown(accountId, [{ passphrase }]);
    return known && stripLocalWraps(replaceLoginWrap(known.vault, accountId, known.vaultKey, exportKey, this.random));
  }

  async exists(): Promise<boolean> {
    return (await loadSecrets(this.path)) !== null;
  }

  /** Whether this vault was held against the copy and the passphrase before, and not taken. */
  async isRefused(providerVault: Uint8Array): Promise<boolean> {
    return (await loadSecrets(this.path))?.refusedVault === digestOf(providerVault);
  }

  /** From here on either passphrase opens the copy, until `takeOver`, `restore` or `forget`. The copy before is answered. */
  prepareFor(newPassphrase: Redacted<string>, vaultKey: VaultKey): Promise<Secrets> {
    return this.#alone(async () => {
      const secrets = await this.#load();
      const vault = await addPassphraseWrap(secrets.vault, secrets.accountId, { vaultKey }, newPassphrase, this.random, { besideOthers: true, stretching: this.stretching });
      await saveSecrets(this.path, { ...secrets, vault, isUnsettled: true });
      return secrets;
    });
  }

  /** The change was refused: what opened the copy before opens it again, and nothing else. What was adopted since stays, also under a new key. */
  restore({ vault: before, isUnsettled }: Secrets, vaultKey: VaultKey): Promise<void> {
    return this.#alone(async () => {
      const secrets = await this.#load();
      const isSameKey = (await openVault(secrets.vault, secrets.accountId, { vaultKey })).ok;
      if (isSameKey) await saveSecrets(this.path, { ...secrets, vault: adoptProviderVault(before, secrets.vault), isUnsettled });
    });
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

  /** By the first of these ways that opens it: a passphrase costs 0.2 s, a key nothing. */
  async #openKnown(accountId: AccountId, ways: readonly VaultAccess[]): Promise<OpenedCopy | null> {
    const secrets = await loadSecrets(this.path);
    if (secrets?.accountId !== accountId) return null;
    for (const access of ways) {
      const opened = await openVault(secrets.vault, accountId, access);
      if (opened.ok) return { ...opened, vault: secrets.vault };
    }
    return null;
  }

  async #load(): Promise<Secrets> {
    const secrets = await loadSecrets(this.path);
    if (!secrets) throw new StoreError('openFailed', 'there is no secrets file');
    return secrets;
  }
}

function digestOf(vault: Uint8Array): string {
  return createHash('sha256').update(vault).digest('base64url');
}

export async function openAccount(vault: Uint8Array, accountId: AccountId, access: Parameters<typeof openVault>[2]): Promise<UnlockedAccount | null> {
  const opened = await openVault(vault, accountId, access);
  return opened.ok ? { accountId, keys: new StorageKeys(opened.roots, opened.names), vaultKey: opened.vaultKey } : null;
}
