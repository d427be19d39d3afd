// The outgoing queue as a port. Durable; shared by all processes of the deployment; a worker holds recipients under a
// lease, and what it reports after its lease has passed to somebody else is ignored.

import type { Brand, MailAddress, ReturnedPart } from '@paloma/shared-model';
import type { NotificationRequest, RecipientRequest } from './notification-request.js';

/** 128 bits in the form of a UUID, derived from what was submitted (`queuedMessageId`). */
export type QueuedMessageId = Brand<string, 'QueuedMessageId'>;

/** An id is remembered this long after its message was accepted, delivered or not: a sender who repeats it doubles nothing. */
export const ACCEPTANCE_MEMORY_MS = 7 * 24 * 60 * 60 * 1000;

export interface OutgoingMessage {
  /** Empty for the null reverse path, RFC 5321 §4.5.5. */
  reversePath: string;
  forwardPaths: readonly MailAddress[];
  octets: Uint8Array;
  /** What the sender wants to be told, when it is not what is usual. */
  notifications?: NotificationRequest | undefined;
  /** A report about TLS, which goes whatever TLS the other side can do (RFC 8460 §5.3.1). */
  isTlsReport?: boolean | undefined;
}

export interface ClaimedRecipient {
  forwardPath: MailAddress;
  position: number;
  failedAttempts: number;
  /** The sender has had a notice of delay. */
  isDelayTold: boolean;
  /** null: nothing special. */
  request: RecipientRequest | null;
}

/** Recipients of one message in one domain: what goes over one connection. */
export interface Claim {
  messageId: string;
  leaseId: string;
  /** Domain of the recipients. */
  destination: string;
  recipients: readonly ClaimedRecipient[];
  reversePath: string;
  octets: Uint8Array;
  acceptedAtMs: number;
  envelopeId: string | null;
  /** How much of the message a notice of failure gives back; null: nothing was said. */
  returnedPart: ReturnedPart | null;
  isTlsReport: boolean;
  /** The operator wants them to fail now. */
  isGivenUp: boolean;
}

export type ClaimOutcome =
  | { kind: 'claimed'; claim: Claim }
  /** Its key is gone or its rows are damaged; it is set aside and never claimed again. */
  | { kind: 'unreadable'; messageId: string }
  | { kind: 'nothingDue' };

/** What is to be written for one recipient after an attempt. */
export type Settlement =
  | { position: number; kind: 'done' }
  /** `status`: of this attempt, RFC 3463. */
  | { position: number; kind: 'retry'; atMs: number; status: string; isDelayTold: boolean };

export interface OutgoingQueue {
  /** Durable when it resolves; workers are told. "known": a message of this id was accepted before, and nothing is added. */
  add(messageId: QueuedMessageId, message: OutgoingMessage, nowMs: number): Promise<'added' | 'known'>;
  /** Whether a message of this id was accepted before, as far back as ids are remembered. */
  knows(messageId: QueuedMessageId): Promise<boolean>;
  /** Recipients in a domain that `maxPerDestination` live leases are busy with already stay where they are. */
  claim(nowMs: number, leaseMs: number, maxPerDestination: number): Promise<ClaimOutcome>;
  /** Moves the end of the claim's lease. Nothing happens when the lease was lost. */
  renew(claim: Claim, untilMs: number): Promise<void>;
  /**
   * Writes how an attempt went, all or nothing, together with the notices that go back to the sender. False when the lease was lost: then nothing is written.
   */
  settle(claim: Claim, settlements: readonly Settlement[], notices: readonly OutgoingMessage[], nowMs: number): Promise<boolean>;
  /** When the next claim may succeed: a recipient is due, or a lease that is in its way ends. null when the queue is empty. */
  nextDueMs(nowMs: number, maxPerDestination: number): Promise<number | null>;
  /** Calls back when somebody added a message. Returns the function that ends it. */
  watch(listener: () => void): Promise<() => Promise<void>>;
}
