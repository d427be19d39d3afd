// From a passphrase to an account that can be opened: with the local copy of the vault when the network is away, otherwise so
// that the passphrase is the one the provider takes now. It may have been changed on another device, or here just before a crash.

import { Redacted, type ReplicaUid } from '@paloma/shared-model';
import { AccountsClient, StoreError, type AccountVault, type Credentials, type ProviderConnection, type SignedIn, type SignInOutcome, type UnlockedAccount } from '@paloma/document-store';
import { refusalError } from './refusal-sentences.js';

export interface EnteringParts {
  vault: AccountVault;
  connection: ProviderConnection;
  credentials: Credentials;
  /** Of the store that is there. */
  replicaUid: ReplicaUid | undefined;
  /** The session kept in the store, which opens with the keys. */
  sessionIn(account: UnlockedAccount): Redacted<string> | null;
}

export interface EnteredAccount {
  unlocked: UnlockedAccount;
  token: Redacted<string>;
}

/** @throws {DaemonError} "wrongPassphrase", "deviceRemoved", "providerRefused" */
export async function enterAccount(parts: EnteringParts): Promise<EnteredAccount> {
  const { vault, connection, credentials } = parts;
  const unlocked = await vault.unlock(credentials.passphrase);
  if (!unlocked.ok) return entered(await signInAgain(parts), null);
  const known = parts.sessionIn(unlocked.account);
  if (!unlocked.isUnsettled && known && await isAlive(connection.withSession(known))) return { unlocked: unlocked.account, token: known };
  return entered(await signInAgain(parts), { unlocked: unlocked.account, token: known ?? new Redacted('') });
}

/** Null when the provider cannot be reached, or has nothing that this passphrase opens. */
async function signInAgain({ vault, connection, credentials, replicaUid }: EnteringParts): Promise<SignInOutcome | null> {
  try {
    return replicaUid ? await vault.settle(connection, credentials, replicaUid) : await vault.signIn(connection, credentials);
  } catch (error) {
    if (error instanceof StoreError && (error.retryable || error.code === 'openFailed')) return null;
    throw error;
  }
}

function entered(outcome: SignInOutcome | null, offline: EnteredAccount | null): EnteredAccount {
  if (outcome?.ok) return fromSignIn(outcome.account);
  if (outcome) throw refusalError(outcome.refusal);
  if (!offline) throw refusalError('loginFailed');
  return offline;
}

function fromSignIn({ accountId, keys, vaultKey, token }: SignedIn): EnteredAccount {
  return { unlocked: { accountId, keys, vaultKey }, token };
}

/** True also when the provider did not answer. */
async function isAlive(connection: ProviderConnection): Promise<boolean> {
  return new AccountsClient(connection).currentSession().then((session) => session !== null, () => true);
}
