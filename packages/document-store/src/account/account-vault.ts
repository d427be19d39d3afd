// From an address and a passphrase to an account's keys, on a first device, on a second one, and without the network; and the
// changes of what leads there: passphrase, recovery code, storage root.
//
// The storage roots are made by whichever device first finds no vault at the provider, and put there by compare-and-swap: two
// devices that start at once end with one vault (the predecessor ended with two sets of keys). Sign-up may break off after
// any step; signing in then does what is left.

import { Redacted, type AccountId, type MailAddress, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import {
  createStorageRoots, createVault, openVault, recoverySecret, rekeyVault, replaceLoginWrap, replaceRecoveryWrap, resealVault, createRecoveryCode,
  type RecoveryCode, type VaultKey,
} from '@paloma/crypto/secret';
import { AccountsClient, type Credentials, type Login, type LoginRefusal, type SignUpRefusal } from '../provider/accounts-client.js';
import { CredentialClient, type CredentialChangeOutcome, type CredentialChangeRefusal, type CredentialChangeRequest } from '../provider/credential-client.js';
import type { ProviderConnection } from '../provider/provider-connection.js';
import { VaultClient, type StoredVault } from '../provider/vault-client.js';
import { newReplicaUid } from '../local/local-document-store.js';
import { StoreError } from '../store-error.js';
import { LocalVault, openAccount, type UnlockOutcome, type UnlockedAccount } from './local-vault.js';
import { nextRoots } from './next-roots.js';

export interface SignedIn extends UnlockedAccount {
  /** For the store that is made next. */
  replicaUid: ReplicaUid;
  /** Session at the provider; `LocalDocumentStore.saveSession` keeps it. */
  token: Redacted<string>;
}

export type SignInOutcome = { ok: true; account: SignedIn } | { ok: false; refusal: LoginRefusal };
export type SignUpAccountOutcome = { ok: true; account: SignedIn } | { ok: false; refusal: SignUpRefusal | LoginRefusal };

/** `vaultLocked`: the storage root was rotated to lock devices out; this one must be unlocked with the passphrase again. */
export type VaultRefusal = 'vaultLocked';
/** `vaultRolledBack`: the provider gives an older vault than this device has seen. */
export type RefreshOutcome = { ok: true } | { ok: false; refusal: VaultRefusal | 'vaultRolledBack' };
export type PassphraseChangeOutcome = { ok: true; token: Redacted<string> } | { ok: false; refusal: CredentialChangeRefusal | VaultRefusal };
export type RecoveryCodeOutcome = { ok: true; code: RecoveryCode } | { ok: false; refusal: CredentialChangeRefusal | VaultRefusal };
export type RotationOutcome = { ok: true; epoch: number } | { ok: false; refusal: VaultRefusal };
export type LockOutOutcome = { ok: true; account: SignedIn } | { ok: false; refusal: CredentialChangeRefusal | VaultRefusal };

/** Where a change of the passphrase has come to; a test ends the process there. */
export type PassphraseChangeStep = 'prepared' | 'changed' | 'settled';

export interface AccountVaultOptions {
  /** Where `secrets.json` is kept; its directory must exist. */
  secretsPath: string;
  random: RandomSource;
  /** Told after each step is durable. */
  onStep?: (step: PassphraseChangeStep) => void;
}

/** Another device may be faster so often before a change gives up. */
const MAX_ATTEMPTS = 5;

export class AccountVault {
  readonly #local: LocalVault;

  constructor(private readonly options: AccountVaultOptions) {
    this.#local = new LocalVault(options.secretsPath, options.random);
  }

  /** Makes the account, then signs this device in. @throws {StoreError} when the provider cannot be reached */
  async signUp(connection: ProviderConnection, credentials: Credentials, inviteCode?: string): Promise<SignUpAccountOutcome> {
    const outcome = await new AccountsClient(connection).signUp(credentials, inviteCode);
    return outcome.ok ? this.signIn(connection, credentials) : outcome;
  }

  /**
   * Signs this device in with address and passphrase alone, or again under the replica uid that its store has. The local copy
   * then opens with this passphrase and no other.
   * @throws {StoreError} "openFailed" when the vault is not this account's
   */
  async signIn(connection: ProviderConnection, credentials: Credentials, replicaUid = newReplicaUid(this.options.random)): Promise<SignInOutcome> {
    const outcome = await new AccountsClient(connection).logIn(credentials, replicaUid);
    if (!outcome.ok) return outcome;
    const { login } = outcome;
    const vault = await this.#obtainVault(new VaultClient(connection.withSession(login.token)), login);
    const account = await openAccount(vault, login.accountId, { exportKey: login.exportKey });
    if (!account) throw new StoreError('openFailed', 'the vault does not open');
    await this.#local.replace(vault, login.accountId, account.vaultKey, credentials.passphrase);
    return { ok: true, account: { ...account, replicaUid, token: login.token } };
  }

  /** Opens the device's own copy of the vault, without network. */
  unlock(passphrase: Redacted<string>): Promise<UnlockOutcome> {
    return this.#local.unlock(passphrase);
  }

  /**
   * Asks the provider which passphrase is in force, after a change here whose outcome is not known, and makes the local copy
   * agree: afterwards the other one opens nothing on this device either.
   * @throws {StoreError} when the provider cannot be reached: nothing is decided then
   */
  async settle(connection: ProviderConnection, credentials: Credentials, replicaUid: ReplicaUid): Promise<SignInOutcome> {
    const outcome = await this.signIn(connection, credentials, replicaUid);
    if (!outcome.ok && outcome.refusal === 'loginFailed') await this.#local.forget(credentials.passphrase);
    return outcome;
  }

  /**
   * Replaces the passphrase at the provider (record, vault and sessions in one transaction) and here. The new one opens the local
   * copy beside the old one before the provider is asked, and alone afterwards; a crash in between is settled at the next unlock.
   * `connection` with a session. @throws {StoreError} when it is not known whether the provider made the change
   */
  async changePassphrase(
    connection: ProviderConnection, { address, passphrase }: Credentials, newPassphrase: Redacted<string>, account: { accountId: AccountId; replicaUid: ReplicaUid; vaultKey: VaultKey },
  ): Promise<PassphraseChangeOutcome> {
    const { accountId, replicaUid, vaultKey } = account;
    const before = await this.#local.prepareFor(newPassphrase, vaultKey);
    this.options.onStep?.('prepared');
    const outcome = await this.#changeCredential(connection, account, (stored) => ({
      address, replicaUid, replacedVersion: stored.version,
      provenBy: { kind: 'passphrase', secret: passphrase }, credential: { kind: 'passphrase', secret: newPassphrase },
      vaultFor: (exportKey) => replaceLoginWrap(stored.vault, accountId, vaultKey, exportKey, this.options.random),
    }));
    if (outcome.ok) this.options.onStep?.('changed');
    if (!outcome.ok) await this.#local.restore(before);
    else await this.#local.replace(outcome.vault, accountId, vaultKey, newPassphrase);
    this.options.onStep?.('settled');
    return outcome.ok ? { ok: true, token: tokenOf(outcome) } : outcome;
  }

  /** A new recovery code; one made before ends. To be shown once and kept nowhere. `connection` with a session. */
  async createRecoveryCode(
    connection: ProviderConnection, { address, passphrase }: Credentials, account: { accountId: AccountId; replicaUid: ReplicaUid; vaultKey: VaultKey },
  ): Promise<RecoveryCodeOutcome> {
    const { accountId, replicaUid, vaultKey } = account;
    const code = createRecoveryCode(this.options.random);
    const outcome = await this.#changeCredential(connection, account, (stored) => ({
      address, replicaUid, replacedVersion: stored.version,
      provenBy: { kind: 'passphrase', secret: passphrase }, credential: { kind: 'recovery', secret: recoverySecret(code) },
      vaultFor: (exportKey) => replaceRecoveryWrap(stored.vault, accountId, vaultKey, exportKey, this.options.random),
    }));
    if (!outcome.ok) return outcome;
    await this.#local.adopt(outcome.vault, vaultKey);
    return { ok: true, code };
  }

  /** Signs this device in with the recovery code and sets a new passphrase. All other sessions end. @throws {StoreError} */
  async recover(connection: ProviderConnection, address: MailAddress, code: RecoveryCode, newPassphrase: Redacted<string>): Promise<SignInOutcome> {
    const replicaUid = newReplicaUid(this.options.random);
    const secret = recoverySecret(code);
    const outcome = await new AccountsClient(connection).logIn({ address, passphrase: secret }, replicaUid, 'recovery');
    if (!outcome.ok) return outcome;
    const { accountId, exportKey, token } = outcome.login;
    const session = connection.withSession(token);
    const stored = await new VaultClient(session).get();
    const account = stored && await openAccount(stored.vault, accountId, { recoveryExportKey: exportKey });
    if (!account) throw new StoreError('openFailed', 'the vault does not open');
    const { vaultKey } = account;
    const changed = await this.#changeCredential(session, account, (current) => ({
      address, replicaUid, replacedVersion: current.version,
      provenBy: { kind: 'recovery', secret }, credential: { kind: 'passphrase', secret: newPassphrase },
      vaultFor: (newExportKey) => replaceLoginWrap(current.vault, accountId, vaultKey, newExportKey, this.options.random),
    }));
    if (!changed.ok) return { ok: false, refusal: changed.refusal === 'rateLimited' || changed.refusal === 'gone' ? changed.refusal : 'loginFailed' };
    await this.#local.replace(changed.vault, accountId, vaultKey, newPassphrase);
    return { ok: true, account: { ...account, replicaUid, token: tokenOf(changed) } };
  }

  /** Takes over what other devices made of the vault: later epochs are learnt by `account.keys`. `connection` with a session. */
  async refresh(connection: ProviderConnection, { accountId, keys, vaultKey }: UnlockedAccount): Promise<RefreshOutcome> {
    const stored = await new VaultClient(connection).get();
    const opened = stored ? await openVault(stored.vault, accountId, { vaultKey }) : { ok: false as const };
    if (!stored || !opened.ok) return { ok: false, refusal: 'vaultLocked' };
    if (!(await this.#local.adopt(stored.vault, vaultKey))) return { ok: false, refusal: 'vaultRolledBack' };
    keys.learn(opened.roots);
    return { ok: true };
  }

  /** A new storage root for everything that is sealed from now on. Devices that are unlocked learn it; the passphrase is not needed. */
  async rotate(connection: ProviderConnection, { accountId, keys, vaultKey }: UnlockedAccount): Promise<RotationOutcome> {
    const client = new VaultClient(connection);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const stored = await presentVault(client);
      const opened = await openVault(stored.vault, accountId, { vaultKey });
      if (!opened.ok) return { ok: false, refusal: 'vaultLocked' };
      const roots = nextRoots(opened.roots, this.options.random);
      const vault = resealVault(stored.vault, accountId, vaultKey, { roots, serial: opened.serial + 1 }, this.options.random);
      if (!(await client.put(vault, stored.version))) continue;
      await this.#local.adopt(vault, vaultKey);
      keys.learn(roots);
      return { ok: true, epoch: keys.currentEpoch };
    }
    throw new StoreError('preconditionFailed', 'other devices changed the vault again and again');
  }

  /**
   * A new storage root under a new vault key: whoever holds the one before opens nothing of it. All other sessions and the
   * recovery code end; each device has to be unlocked with the passphrase again. `connection` with a session.
   */
  async rotateLockingOut(connection: ProviderConnection, { address, passphrase }: Credentials, account: UnlockedAccount & { replicaUid: ReplicaUid }): Promise<LockOutOutcome> {
    const { accountId, replicaUid, vaultKey } = account;
    const outcome = await this.#changeCredential(connection, account, async (stored) => {
      const opened = await openVault(stored.vault, accountId, { vaultKey });
      if (!opened.ok) throw new StoreError('openFailed', 'the vault does not open');
      const content = { roots: nextRoots(opened.roots, this.options.random), serial: opened.serial + 1 };
      return {
        address, replicaUid, replacedVersion: stored.version, endsRecovery: true,
        provenBy: { kind: 'passphrase', secret: passphrase }, credential: { kind: 'passphrase', secret: passphrase },
        vaultFor: (exportKey) => rekeyVault(accountId, content, exportKey, this.options.random),
      };
    });
    if (!outcome.ok) return outcome;
    const signedIn = await this.signIn(connection, { address, passphrase }, replicaUid);
    if (!signedIn.ok) throw new StoreError(signedIn.refusal, 'the session could not be renewed');
    return signedIn;
  }

  /** The account's vault; made here when there is none, unless another device makes it in the same moment. */
  async #obtainVault(client: VaultClient, { accountId, exportKey }: Login): Promise<Uint8Array> {
    const known = await client.get();
    if (known) return known.vault;
    const made = createVault({ accountId, roots: createStorageRoots(this.options.random) }, exportKey, this.options.random);
    return (await client.put(made, null)) ? made : (await presentVault(client)).vault;
  }

  /** Again with the newer vault while other devices are faster. */
  async #changeCredential(
    connection: ProviderConnection, { accountId, vaultKey }: { accountId: AccountId; vaultKey: VaultKey },
    requestFor: (stored: StoredVault) => CredentialChangeRequest | Promise<CredentialChangeRequest>,
  ): Promise<CredentialChangeOutcome | { ok: false; refusal: VaultRefusal }> {
    for (let attempt = 1; ; attempt++) {
      const stored = await presentVault(new VaultClient(connection));
      if (!(await openVault(stored.vault, accountId, { vaultKey })).ok) return { ok: false, refusal: 'vaultLocked' };
      const outcome = await new CredentialClient(connection).change(await requestFor(stored));
      if (outcome.ok || outcome.refusal !== 'preconditionFailed' || attempt === MAX_ATTEMPTS) return outcome;
    }
  }
}

async function presentVault(client: VaultClient): Promise<StoredVault> {
  const stored = await client.get();
  if (!stored) throw new StoreError('malformedAnswer', 'the provider has a vault and has none');
  return stored;
}

function tokenOf({ token }: CredentialChangeOutcome & { ok: true }): Redacted<string> {
  if (!token) throw new StoreError('malformedAnswer', 'a new passphrase without a session');
  return token;
}
