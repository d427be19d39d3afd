import type { AccountId } from '@paloma/shared-model';
import type { OpenAccount } from '@paloma/mail-store/port';

/** What a bearer token opens. */
export interface Access {
  readonly accounts: ReadonlyMap<AccountId, OpenAccount>;
  readonly username: string;
}

/**
 * From a bearer token to what it opens; `null` when it opens nothing (any more). Must compare in constant time.
 * While an account is open its `mailStore` is always the same object: uploads and histories hang on it.
 */
export type Authenticate = (bearerToken: string) => Promise<Access | null>;
