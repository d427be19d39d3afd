// What this program asks of provider-sync (docs/protocol/services-api.md), as a port. "outage" covers whatever is not an
// authoritative answer: time-outs, refused connections, answers that make no sense. It never means "no".

import type { AccountId, IncomingItemId, MailAddress } from '@paloma/shared-model';

export interface Recipient {
  accountId: AccountId;
  isOverQuota: boolean;
  /** By the operator: it takes no mail for now. */
  isDisabled: boolean;
  /** Binary certificate; null when the account has published none yet. */
  certificate: Uint8Array | null;
}

export type RecipientLookup = { kind: 'found'; recipient: Recipient } | { kind: 'notFound' } | { kind: 'outage' };
export type IncomingResult = 'stored' | 'notFound' | 'quotaExceeded' | 'tooLarge' | 'outage';

export interface SessionAccount {
  accountId: AccountId;
  /** Canonical addresses the account may send from. */
  addresses: readonly MailAddress[];
}

export type SessionVerdict = { kind: 'valid'; account: SessionAccount } | { kind: 'invalid' } | { kind: 'accountDisabled' } | { kind: 'outage' };

export interface ServicesApi {
  findRecipient(address: MailAddress): Promise<RecipientLookup>;
  /** Durable when it answers "stored"; storing the same item twice is storing it once. */
  putIncoming(accountId: AccountId, itemId: IncomingItemId, message: Uint8Array | AsyncIterable<Uint8Array>): Promise<IncomingResult>;
  verifySession(token: string): Promise<SessionVerdict>;
  /** `sha256`: of the DER of a TLS client certificate, in base64url. */
  verifySubmissionCertificate(sha256: string): Promise<SessionVerdict>;
}
