// From an address and a passphrase to an account's keys, on a first device, on a second one, and without the network.
//
// The storage roots are made by whichever device first finds no vault at the provider, and put there by compare-and-swap: two
// devices that start at once end with one vault (the predecessor ended with two sets of keys). Sign-up may break off after
// any step; signing in then does what is left.

import { Redacted, type AccountId, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import { StorageKeys, addPassphraseWrap, createStorageRoots, createVault, openVault } from '@paloma/crypto/secret';
import { AccountsClient, type Credentials, type Login, type LoginRefusal, type SignUpRefusal } from '../provider/accounts-client.js';
import type { ProviderConnection } from '../provider/provider-connection.js';
import { VaultClient } from '../provider/vault-client.js';
import { newReplicaUid } from '../local/local-document-store.js';
import { StoreError } from '../store-error.js';
import { loadSecrets, saveSecrets } from './secrets-file.js';

export interface SignedIn {
  accountId: AccountId;
  keys: StorageKeys;
  /** For the store that is made next. */
  replicaUid: ReplicaUid;
  /** Session at the provider; `LocalDocumentStore.saveSession` keeps it. */
  token: Redacted<string>;
}

export type SignInOutcome = { ok: true; account: SignedIn } | { ok: false; refusal: LoginRefusal };
export type SignUpAccountOutcome = { ok: true; account: SignedIn } | { ok: false; refusal: SignUpRefusal | LoginRefusal };
export type UnlockOutcome =
  | { ok: true; account: { accountId: AccountId; keys: StorageKeys } }
  /** noAccount: this device was never signed in. */
  | { ok: false; refusal: 'noAccount' | 'wrongPassphrase' };

export interface AccountVaultOptions {
  /** Where `secrets.json` is kept; its directory must exist. */
  secretsPath: string;
  random: RandomSource;
}

export class AccountVault {
  constructor(private readonly options: AccountVaultOptions) {}

  /** Makes the account, then signs this device in. @throws {StoreError} when the provider cannot be reached */
  async signUp(connection: ProviderConnection, credentials: Credentials, inviteCode?: string): Promise<SignUpAccountOutcome> {
    const outcome = await new AccountsClient(connection).signUp(credentials, inviteCode);
    return outcome.ok ? this.signIn(connection, credentials) : outcome;
  }

  /** Signs this device in with address and passphrase alone. @throws {StoreError} "openFailed" when the vault is not this account's */
  async signIn(connection: ProviderConnection, credentials: Credentials): Promise<SignInOutcome> {
    const replicaUid = newReplicaUid(this.options.random);
    const outcome = await new AccountsClient(connection).logIn(credentials, replicaUid);
    if (!outcome.ok) return outcome;
    const { login } = outcome;
    const vault = await this.#obtainVault(new VaultClient(connection.withSession(login.token)), login);
    const keys = await keysIn(vault, login.accountId, { exportKey: login.exportKey });
    if (!keys) throw new StoreError('openFailed', 'the vault does not open');
    await this.#saveLocalCopy(vault, login, credentials.passphrase);
    return { ok: true, account: { accountId: login.accountId, keys, replicaUid, token: login.token } };
  }

  /** Opens the device's own copy of the vault; needs no network, takes about 0.2 s. */
  async unlock(passphrase: Redacted<string>): Promise<UnlockOutcome> {
    const secrets = await loadSecrets(this.options.secretsPath);
    if (!secrets) return { ok: false, refusal: 'noAccount' };
    const keys = await keysIn(secrets.vault, secrets.accountId, { passphrase });
    return keys ? { ok: true, account: { accountId: secrets.accountId, keys } } : { ok: false, refusal: 'wrongPassphrase' };
  }

  /** The account's vault; made here when there is none, unless another device makes it in the same moment. */
  async #obtainVault(client: VaultClient, { accountId, exportKey }: Login): Promise<Uint8Array> {
    const known = await client.get();
    if (known) return known.vault;
    const made = createVault({ accountId, roots: createStorageRoots(this.options.random) }, exportKey, this.options.random);
    if (await client.put(made, null)) return made;
    const faster = await client.get();
    if (!faster) throw new StoreError('malformedAnswer', 'the provider has a vault and has none');
    return faster.vault;
  }

  async #saveLocalCopy(vault: Uint8Array, { accountId, exportKey }: Login, passphrase: Redacted<string>): Promise<void> {
    const local = await addPassphraseWrap(vault, accountId, { exportKey }, passphrase, this.options.random);
    await saveSecrets(this.options.secretsPath, { accountId, vault: local });
  }
}

async function keysIn(vault: Uint8Array, accountId: AccountId, access: Parameters<typeof openVault>[2]): Promise<StorageKeys | null> {
  const opened = await openVault(vault, accountId, access);
  return opened.ok ? new StorageKeys(opened.roots) : null;
}
