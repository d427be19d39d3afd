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
  registrationRecord: string;
}

/** Accounts and the addresses that belong to them. Addresses are canonical throughout. */
export abstract class AccountRepository {
  abstract isAddressTaken(address: MailAddress): Promise<boolean>;
  /** Spends `invitation` (unless null) in the same transaction. */
  abstract create(account: NewAccount, invitation: Redacted<string> | null): Promise<'created' | 'addressTaken' | 'invalidInvite'>;
  abstract findCredentials(address: MailAddress): Promise<Credentials | null>;
  abstract listAddresses(accountId: AccountId): Promise<MailAddress[]>;
  abstract addInvitation(code: Redacted<string>, createdAtMs: number): Promise<void>;
}
