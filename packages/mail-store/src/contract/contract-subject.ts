import type { MailStore } from '../port/index.js';

/** A store under test: empty but for its role mailboxes. */
export interface ContractSubject {
  readonly store: MailStore;
  close(): Promise<void> | void;
  /** Closes the store and opens it again from what it kept; absent where nothing is kept. The old `store` is not used any more. */
  reopen?(): Promise<ContractSubject>;
}

/** Makes a new subject for each test. */
export type OpenSubject = () => Promise<ContractSubject>;

/** Runs `check` on a new store and closes it. */
export type WithStore = (check: (store: MailStore) => Promise<void>) => () => Promise<void>;
