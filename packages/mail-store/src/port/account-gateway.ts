// How a server on the user's machine (IMAP, SMTP, JMAP) gets from credentials to an account.

import type { SyncStatus } from '@paloma/shared-model';
import type { AccountSettings } from './account-settings.js';
import type { KeyReview } from './key-review.js';
import type { MailStore } from './mail-store.js';
import type { SubmissionService } from './submission.js';

export interface SyncStatusSource {
  current(): SyncStatus;
  subscribe(listener: (status: SyncStatus) => void): () => void;
}

/** What the account takes up at its provider, sealed, and how much it may. */
export interface StorageUsage {
  usedBytes: number;
  limitBytes: number;
}

export interface OpenAccount {
  readonly mailStore: MailStore;
  readonly submissions: SubmissionService;
  readonly keys: KeyReview;
  readonly sync: SyncStatusSource;
  /** Absent: this way in shows and changes no settings. */
  readonly settings?: AccountSettings | undefined;
  /** As last heard from the provider; null when it has not been reached. Absent where nobody counts. */
  storageUsage?(): Promise<StorageUsage | null>;
}

/** `locked`: the password is right, and the account must be unlocked first. An address that is not here is `wrongCredentials`. */
export type LoginRefusal = 'wrongCredentials' | 'locked' | 'tooManyAttempts';
/** `revoked`: aborted when what was logged in with is good no more; the session is to end then. Absent: it stays good. */
export type LoginOutcome = { ok: true; account: OpenAccount; revoked?: AbortSignal } | { ok: false; refusal: LoginRefusal };

export interface AccountGateway {
  /** Log-in of a mail program: the account's address and a mail-app password. */
  logIn(address: string, mailAppPassword: string): Promise<LoginOutcome>;
}
