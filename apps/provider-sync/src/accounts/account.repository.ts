import type { CredentialKind } from '@paloma/crypto/public';
import type { AccountId, MailAddress } from '@paloma/shared-model';
import type { Redacted } from '@paloma/shared-model';

export interface NewAccount {
  accountId: AccountId;
  /** Canonical. */
  address: MailAddress;
  /** OPAQUE, base64url. */
  registrationRecord: string;
  quotaBytes: number;
  createdAtMs: number;
}

export interface Credentials {
  accountId: AccountId;
  /** Null when the account has no such credential. */
  registrationRecord: string | null;
}

/** Accounts and the addresses that belong to them. Addresses are canonical throughout. */
export abstract class AccountRepository {
  /** By an account, or by one that was deleted. */
  abstract isAddressTaken(address: MailAddress): Promise<boolean>;
  /** Spends `invitation` (unless null) in the same transaction. */
  abstract create(account: NewAccount, invitation: Redacted<string> | null): Promise<'created' | 'addressTaken' | 'invalidInvite'>;
  /** By the address that the account was made with: an alias is no name to log in with. */
  abstract findCredentials(address: MailAddress, kind: CredentialKind): Promise<Credentials | null>;
  /** The address that the account was made with, then its aliases. */
  abstract listAddresses(accountId: AccountId): Promise<MailAddress[]>;
  abstract addInvitation(code: Redacted<string>, createdAtMs: number): Promise<void>;
}
