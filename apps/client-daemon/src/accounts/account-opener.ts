// Wires an account to this machine: its database, its provider, its key directory, its way out.

import { join } from 'node:path';
import { domainOf, type Clock, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import type { StorageKeys } from '@paloma/crypto/secret';
import { AccountsClient, ProviderConnection, isLongSilent, openDocumentStore, startAfresh, systemScheduler, type LocalDocumentStore } from '@paloma/document-store';
import type { Fetch } from '@paloma/keyring';
import { mailProjections } from '@paloma/mail-store';
import type { Logger } from '../log.js';
import { SmtpSubmissionClient } from '../outgoing/smtp-submission-client.js';
import type { AccountRecord } from './account-record.js';
import { keyDirectory } from './key-directory.js';
import { mailAppPasswordUse } from './mail-app-password-use.js';
import { OpenedAccount, type OpenedAccountParts } from './opened-account.js';
import { trustedFetch } from './trusted-fetch.js';

export interface AccountOpenerOptions {
  /** PEM of authorities to trust for providers and key directories; the system's when absent. */
  authority: string | undefined;
  /** Domain → origin of its key directory, where it is not where the standard puts it. */
  keyDirectoryRoutes: Readonly<Record<string, string>>;
  /** Octets of blobs to keep of each account; all when absent. */
  blobBudgetBytes?: number | undefined;
  clock: Clock;
  random: RandomSource;
  log: Logger;
}

export class AccountOpener {
  readonly #options: AccountOpenerOptions;
  readonly #fetch: Fetch;

  constructor(options: AccountOpenerOptions) {
    this.#options = options;
    this.#fetch = trustedFetch(options.authority);
  }

  connect(providerUrl: string): ProviderConnection {
    const { authority } = this.#options;
    return new ProviderConnection({ apiUrl: providerUrl, ...(authority !== undefined && { certificateAuthorities: authority }) });
  }

  /** `replicaUid` is for a store that is made now; one that exists keeps its own. */
  openStore(accountDirectory: string, { accountId }: AccountRecord, keys: StorageKeys, replicaUid?: ReplicaUid): LocalDocumentStore {
    return openDocumentStore({
      path: join(accountDirectory, 'store.db'), databaseKey: keys.localDatabaseKey(), keys, accountId, projections: [...mailProjections, mailAppPasswordUse],
      random: this.#options.random, blobBudgetBytes: this.#options.blobBudgetBytes ?? null, ...(replicaUid && { replicaUid }),
    });
  }

  /**
   * A store that was away so long that the provider has forgotten it begins again under a fresh uid, which is returned, as is one
   * that it took before and that was not noted; null for another.
   */
  renewForgotten(accountDirectory: string, record: AccountRecord, keys: StorageKeys): ReplicaUid | null {
    const store = this.openStore(accountDirectory, record, keys);
    try {
      if (record.replicaUid !== store.replicaUid) return store.replicaUid;
      if (!isLongSilent(store, this.#options.clock)) return null;
      startAfresh(store, this.#options.random);
      return store.replicaUid;
    } finally {
      store.close();
    }
  }

  open({ record, store, connection, token, ...own }: Pick<OpenedAccountParts, 'record' | 'store' | 'connection' | 'token' | 'vault' | 'unlocked' | 'deviceName' | 'onReplicaRenewed'>): OpenedAccount {
    const { authority, keyDirectoryRoutes, clock, random, log } = this.#options;
    const accounts = new AccountsClient(connection);
    return new OpenedAccount({
      record, store, connection, token, clock, random, scheduler: systemScheduler, ...own,
      log: log.child({ accountId: record.accountId }),
      directory: keyDirectory({ connection, providerDomain: domainOf(record.address), fetch: this.#fetch, routes: keyDirectoryRoutes }),
      submissionClient: new SmtpSubmissionClient({ server: async () => (await accounts.discover()).submission, address: record.address, authority, token }),
    });
  }
}
