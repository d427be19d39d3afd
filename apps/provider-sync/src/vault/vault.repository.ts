import type { AccountId } from '@paloma/shared-model';

/** Opaque to us. `version` changes with every write and never comes back. */
export interface StoredVault {
  version: string;
  sealed: Uint8Array;
}

export abstract class VaultRepository {
  abstract find(accountId: AccountId): Promise<StoredVault | null>;
  /** Stores the first vault, or the successor of `expected`; false when another device was faster. Tells the account's devices. */
  abstract save(accountId: AccountId, vault: StoredVault, expected: string | null): Promise<boolean>;
}
