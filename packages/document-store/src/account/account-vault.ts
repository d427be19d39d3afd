// From an address and a passphrase to an account's keys, on a first device, on a second one, and without the network; and the
// changes of what leads there: passphrase, recovery code, storage root.
//
// The storage roots are made by whichever device first finds no vault at the provider, and put there by compare-and-swap: two
// devices that start at once end with one vault (the predecessor ended with two sets of keys). Sign-up may break off after
// any step; signing in then does what is left.

import { Redacted, type AccountId, type MailAddress, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import {
  FULL_STRETCHING, createStorageRoots, createVault, openVault, recoverySecret, rekeyVault, replaceLoginWrap, replaceRecoveryWrap, resealVault, createRecoveryCode, withOpaqueClient,
  type PassphraseStretching, type RecoveryCode, type VaultContent, type VaultKey,
} from '@paloma/crypto/secret';
import { AccountsClient, isLoginRefusal, type Credentials, type Login, type LoginRefusal, type SignUpRefusal } from '../provider/accounts-client.js';
import { CredentialClient, type CredentialChangeOutcome, type CredentialChangeRefusal, type CredentialChangeRequest } from '../provider/credential-client.js';
import type { ProviderConnection } from '../provider/provider-connection.js';
import { VaultClient, type StoredVault } from '../provider/vault-client.js';
import { newReplicaUid } from '../local/local-document-store.js';
import { StoreError } from '../store-error.js';
import { LocalVault, openAccount, type UnlockOutcome, type UnlockedAccount } from './local-vault.js';
import { mayFollow, withNextRoot, withoutRootsBefore } from './vault-content-changes.js';

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

/** How far a change of the account has come at the provider and here; a test ends the process there. `vaultChanged`: at the provider, not here. */
export type AccountChangeStep = 'prepared' | 'changed' | 'settled' | 'vaultChanged';

export interface AccountVaultOptions {
  /** Where `secrets.json` is kept; its directory must exist. */
  secretsPath: string;
  random: RandomSource;
  /** Told after each step is durable. */
  onStep?: (step: AccountChangeStep) => void;
  /** Instead of the full cost of a guess: for tests alone, whose passphrases protect nothing. */
  stretchingOfTests?: PassphraseStretching;
}

type NewestVault = StoredVault & { content: VaultContent };

/** Another device may be faster so often before a change gives up. */
const MAX_ATTEMPTS = 5;

export class AccountVault {
  readonly #local: LocalVault;
  readonly #stretching: PassphraseStretching;

  constructor(private readonly options: AccountVaultOptions) {
    this.#stretching = options.stretchingOfTests ?? FULL_STRETCHING;
    this.#local = new LocalVault(options.secretsPath, options.random, this.#stretching);
  }

  /** Makes the account, then signs this device in. @throws {StoreError} when the provider cannot be reached */
  async signUp(connection: ProviderConnection, credentials: Credentials, inviteCode?: string): Promise<SignUpAccountOutcome> {
    // Both stretch the passphrase, and the memory for it is had anew by each client.
    return withOpaqueClient(async (opaque) => {
      const accounts = new AccountsClient(connection, this.#stretching, opaque);
      const outcome = await accounts.signUp(credentials, inviteCode);
      return outcome.ok ? this.#signIn(accounts, connection, credentials, newReplicaUid(this.options.random)) : outcome;
    });
  }

  /**
   * Signs this device in with address and passphrase alone, or again under the replica uid that its store has. The local copy
   * then opens with this passphrase and no other. A vault that could not come after that copy is not taken: the device goes on
   * with what it has, and `refresh` tells.
   * @throws {StoreError} "openFailed" when the vault is not this account's
   */
  async signIn(connection: ProviderConnection, credentials: Credentials, replicaUid = newReplicaUid(this.options.random)): Promise<SignInOutcome> {
    return this.#signIn(new AccountsClient(connection, this.#stretching), connection, credentials, replicaUid);
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
    if (!outcome.ok) await this.#local.restore(before, vaultKey);
    else await this.#local.takeOver(outcome.vault, accountId, { vaultKey }, newPassphrase);
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
    const outcome = await new AccountsClient(connection, this.#stretching).logIn({ address, passphrase: secret }, replicaUid, 'recovery');
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
    if (changed.ok) this.options.onStep?.('changed');
    if (!changed.ok) return { ok: false, refusal: isLoginRefusal(changed.refusal) ? changed.refusal : 'loginFailed' };
    const takenOver = await this.#local.takeOver(changed.vault, accountId, { vaultKey }, newPassphrase);
    this.options.onStep?.('settled');
    return { ok: true, account: { ...(takenOver ?? account), replicaUid, token: tokenOf(changed) } };
  }

  /** Takes over what other devices made of the vault: later epochs are learnt by `account.keys`. `connection` with a session. */
  async refresh(connection: ProviderConnection, { accountId, keys, vaultKey }: UnlockedAccount): Promise<RefreshOutcome> {
    const stored = await new VaultClient(connection).get();
    const opened = stored ? await openVault(stored.vault, accountId, { vaultKey }) : { ok: false as const };
    if (stored && (await this.#local.isRefused(stored.vault))) return { ok: false, refusal: 'vaultRolledBack' };
    if (!stored || !opened.ok) return { ok: false, refusal: 'vaultLocked' };
    if (!(await this.#local.adopt(stored.vault, vaultKey))) return { ok: false, refusal: 'vaultRolledBack' };
    keys.learn(opened.roots);
    return { ok: true };
  }

  /** A new storage root for everything that is sealed from now on. Devices that are unlocked learn it; the passphrase is not needed. */
  rotate(connection: ProviderConnection, account: UnlockedAccount): Promise<RotationOutcome> {
    return this.#changeContent(connection, account, (content) => withNextRoot(content, this.options.random));
  }

  /** Gives the content of this device's copy back to a provider that was restored from a backup, and has an older one. */
  giveBack(connection: ProviderConnection, account: UnlockedAccount): Promise<RotationOutcome> {
    return this.#changeContent(connection, account, (content) => content);
  }

  /**
   * The roots of epochs before this one leave the vault, here and at the provider: whatever is still sealed under them is lost.
   * What this process holds of them it forgets when the account is locked. `Retirement` says when.
   */
  retireRootsBefore(connection: ProviderConnection, account: UnlockedAccount, epoch: number): Promise<RotationOutcome> {
    return this.#changeContent(connection, account, (content) => withoutRootsBefore(content, epoch));
  }

  /**
   * A new storage root under a new vault key: whoever holds the one before opens nothing of it. All other sessions and the
   * recovery code end; each device has to be unlocked with the passphrase again. `connection` with a session.
   */
  async rotateLockingOut(connection: ProviderConnection, { address, passphrase }: Credentials, account: UnlockedAccount & { replicaUid: ReplicaUid }): Promise<LockOutOutcome> {
    const { accountId, replicaUid } = account;
    const outcome = await this.#changeCredential(connection, account, (stored) => {
      const content = withNextRoot(stored.content, this.options.random);
      return {
        address, replicaUid, replacedVersion: stored.version, endsRecovery: true,
        provenBy: { kind: 'passphrase', secret: passphrase }, credential: { kind: 'passphrase', secret: passphrase },
        vaultFor: (exportKey) => rekeyVault(accountId, content, exportKey, this.options.random),
      };
    });
    if (!outcome.ok) return outcome;
    this.options.onStep?.('changed');
    const signedIn = await this.signIn(connection, { address, passphrase }, replicaUid);
    if (!signedIn.ok) throw new StoreError(signedIn.refusal, 'the session could not be renewed');
    return signedIn;
  }

  /** By compare-and-swap, again with the newer vault while other devices are faster. A change to null leaves the vault as it is. */
  async #changeContent(
    connection: ProviderConnection, { accountId, keys, vaultKey }: UnlockedAccount, change: (content: VaultContent) => VaultContent | null,
  ): Promise<RotationOutcome> {
    const client = new VaultClient(connection);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const stored = await presentVault(client);
      if (!(await openVault(stored.vault, accountId, { vaultKey })).ok) return { ok: false, refusal: 'vaultLocked' };
      const newest = await this.#newest(stored, { accountId, vaultKey });
      const content = change(newest.content);
      const vault = content ? resealVault(stored.vault, accountId, vaultKey, content, this.options.random) : stored.vault;
      if (content && !(await client.put(vault, stored.version))) continue;
      this.options.onStep?.('vaultChanged');
      await this.#local.adopt(vault, vaultKey);
      keys.learn((content ?? newest.content).roots);
      return { ok: true, epoch: keys.currentEpoch };
    }
    throw new StoreError('preconditionFailed', 'other devices changed the vault again and again');
  }

  async #signIn(accounts: AccountsClient, connection: ProviderConnection, credentials: Credentials, replicaUid: ReplicaUid): Promise<SignInOutcome> {
    const outcome = await accounts.logIn(credentials, replicaUid);
    if (!outcome.ok) return outcome;
    const { login } = outcome;
    const vault = await this.#obtainVault(new VaultClient(connection.withSession(login.token)), login, credentials.passphrase);
    const account = await this.#local.takeOver(vault, login.accountId, { exportKey: login.exportKey }, credentials.passphrase);
    if (!account) throw new StoreError('openFailed', 'the vault does not open');
    return { ok: true, account: { ...account, replicaUid, token: login.token } };
  }

  /**
   * The account's vault; made here when there is none, unless another device makes it in the same moment. Where this device has
   * a copy, a provider that says it has none lost it: it gets that one back.
   */
  async #obtainVault(client: VaultClient, { accountId, exportKey }: Login, passphrase: Redacted<string>): Promise<Uint8Array> {
    const known = await client.get();
    if (known) return known.vault;
    const made = (await this.#local.exists())
      ? await this.#local.forProvider(accountId, passphrase, exportKey)
      : createVault({ accountId, roots: createStorageRoots(this.options.random) }, exportKey, this.options.random);
    if (!made) throw new StoreError('openFailed', 'the vault is gone, and the copy here has another passphrase');
    return (await client.put(made, null)) ? made : (await presentVault(client)).vault;
  }

  /** What a change begins with: the provider's vault, unless that could not come after the copy here; then with the content of that. @throws {StoreError} "openFailed" */
  async #newest(stored: StoredVault, { accountId, vaultKey }: Pick<UnlockedAccount, 'accountId' | 'vaultKey'>): Promise<NewestVault> {
    const opened = await openVault(stored.vault, accountId, { vaultKey });
    if (!opened.ok) throw new StoreError('openFailed', 'the vault does not open');
    const known = await this.#local.content(accountId, vaultKey);
    if (!known || mayFollow(opened, known)) return { ...stored, content: contentOf(opened) };
    const content = { ...contentOf(known), serial: Math.max(opened.serial, known.serial) + 1 };
    return { version: stored.version, content, vault: resealVault(stored.vault, accountId, vaultKey, content, this.options.random) };
  }

  /** The same under the next serial: so that a vault from before a change of the wraps is told from the one after it. */
  async #next(stored: StoredVault, account: Pick<UnlockedAccount, 'accountId' | 'vaultKey'>): Promise<NewestVault> {
    const { content: newest } = await this.#newest(stored, account);
    const content = { ...newest, serial: newest.serial + 1 };
    return { version: stored.version, content, vault: resealVault(stored.vault, account.accountId, account.vaultKey, content, this.options.random) };
  }

  /** Again with the newer vault while other devices are faster. */
  async #changeCredential(
    connection: ProviderConnection, { accountId, vaultKey }: { accountId: AccountId; vaultKey: VaultKey },
    requestFor: (stored: NewestVault) => CredentialChangeRequest,
  ): Promise<CredentialChangeOutcome | { ok: false; refusal: VaultRefusal }> {
    for (let attempt = 1; ; attempt++) {
      const stored = await presentVault(new VaultClient(connection));
      if (!(await openVault(stored.vault, accountId, { vaultKey })).ok) return { ok: false, refusal: 'vaultLocked' };
      const outcome = await new CredentialClient(connection, this.#stretching).change(requestFor(await this.#next(stored, { accountId, vaultKey })));
      if (outcome.ok || outcome.refusal !== 'preconditionFailed' || attempt === MAX_ATTEMPTS) return outcome;
    }
  }
}

function contentOf({ roots, names, serial }: VaultContent): VaultContent {
  return { roots, serial, ...(names && { names }) };
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
