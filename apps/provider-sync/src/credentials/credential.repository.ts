import type { CredentialKind } from '@paloma/crypto/public';
import type { AccountId } from '@paloma/shared-model';
import type { StoredSession } from '../sessions/session.repository.js';
import type { StoredVault } from '../vault/vault.repository.js';

export interface CredentialReplacement {
  accountId: AccountId;
  /** The credential that the change is proven by, and the record that it had then. */
  provenBy: CredentialKind;
  provenRecord: string;
  credential: CredentialKind;
  registrationRecord: string;
  endsRecovery: boolean;
  /** Version of the vault before. */
  replacedVersion: string;
  vault: StoredVault;
  /** Takes the place of all sessions of the account; null: they stay. */
  session: StoredSession | null;
}

export type ReplacementOutcome =
  | 'replaced'
  /** Another change came first. */
  | 'vaultChanged'
  /** The record that proved it is not the account's any more. */
  | 'credentialEnded'
  | 'accountDisabled'
  /** The device was removed. */
  | 'deviceRemoved';

export abstract class CredentialRepository {
  /**
   * One transaction: the new record, the vault that opens with it, the end of every log-in under way and, with a new session, of
   * every other one. A crash leaves all of it or nothing. Tells the account's devices.
   */
  abstract replace(replacement: CredentialReplacement): Promise<ReplacementOutcome>;
}
