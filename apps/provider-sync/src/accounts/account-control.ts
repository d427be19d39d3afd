import type { MailAddress } from '@paloma/shared-model';

/** What an operator sees of an account. */
export interface AccountFacts {
  /** That it was made with. */
  address: MailAddress;
  aliases: number;
  createdAtMs: number;
  /** When a device last asked for something, exact to an hour; null: none ever logged in. */
  lastSeenAtMs: number | null;
  devices: number;
  /** Messages that no device has fetched. */
  waitingItems: number;
  usedBytes: number;
  quotaBytes: number;
  isDisabled: boolean;
}

/**
 * What an operator does to accounts, beside the running processes. They are named by the address that they were made with, canonical;
 * false, or "noSuchAccount", when there is none.
 */
export abstract class AccountControl {
  /** In the order of addresses. */
  abstract list(): Promise<AccountFacts[]>;
  /** Nothing of it is lost, and its sessions stay; but none opens anything, no mail is taken for it, and its devices are told. null: enables it again. */
  abstract setDisabled(address: MailAddress, disabledAtMs: number | null): Promise<boolean>;
  abstract setQuota(address: MailAddress, quotaBytes: number): Promise<boolean>;
  /**
   * Removes all that the account has: octets, keys, sessions, aliases. Its addresses are retired. Only of one that is disabled, which takes
   * the second thought, and makes sure that nobody is just writing to it. When it fails it can be repeated.
   */
  abstract remove(address: MailAddress, nowMs: number): Promise<'removed' | 'noSuchAccount' | 'notDisabled'>;
  /** Lets an address that was retired be given again. False when it was not. */
  abstract release(address: MailAddress): Promise<boolean>;
}
