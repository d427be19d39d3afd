import type { AccountId, ReplicaUid } from '@paloma/shared-model';
import type { FoundSession, StoredSession } from '../sessions/session.repository.js';

export interface StoredSubmissionCertificate {
  certificateId: string;
  sha256: Uint8Array;
  createdAtMs: number;
  expiresAtMs: number;
}

/** As its account sees it. */
export type ListedSubmissionCertificate = Omit<StoredSubmissionCertificate, 'sha256'> & {
  /** The device that asked for it. */
  replicaUid: ReplicaUid;
};

/** Certificates that let programs submit mail. Each ends with its session, and so with its device. */
export abstract class SubmissionCertificateRepository {
  /** "full": the account has `limit` of them that hold at `createdAtMs`. */
  abstract add(session: StoredSession, certificate: StoredSubmissionCertificate, limit: number): Promise<'added' | 'full' | 'sessionEnded'>;
  /** The session that it was issued to; null: nobody's, or its time is over. */
  abstract findSession(sha256: Uint8Array, nowMs: number): Promise<FoundSession | null>;
  /** Those that hold, the oldest first. */
  abstract list(accountId: AccountId, nowMs: number): Promise<ListedSubmissionCertificate[]>;
  /** False when there is none. */
  abstract remove(accountId: AccountId, certificateId: string): Promise<boolean>;
}
