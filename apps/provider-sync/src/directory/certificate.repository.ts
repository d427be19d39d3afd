import type { AccountId, MailAddress } from '@paloma/shared-model';

export interface StoredCertificate {
  accountId: AccountId;
  /** Canonical. */
  address: MailAddress;
  /** z-base-32 name in the Web Key Directory. */
  wkdHash: string;
  /** Binary, RFC 9580 §10.1. */
  transferablePublicKey: Uint8Array;
}

export interface Recipient {
  accountId: AccountId;
  isOverQuota: boolean;
  isDisabled: boolean;
  certificate: Uint8Array | null;
}

/** The public half of the accounts: certificates, by address and by name in the Web Key Directory. */
export abstract class CertificateRepository {
  abstract save(certificate: StoredCertificate): Promise<void>;
  abstract findByWkdHash(wkdHash: string): Promise<Uint8Array | null>;
  /** Who gets mail for an address, sealed to what certificate: that of the address, or for an alias without one that of the account. null: nobody. */
  abstract findRecipient(address: MailAddress): Promise<Recipient | null>;
}
