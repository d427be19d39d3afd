// The part of RFC 8620 and RFC 8621 that this client reads and writes, in the words of those documents, plus
// `urn:paloma:jmap` (docs/protocol/jmap.md). Lists name only properties that we ask for.

import type {
  EmailId, Fingerprint, IdentityId, KeySource, MailboxId, MailboxRole, MailProgramServers, SecurityFacts, SubmissionId, SyncStatus as AccountSyncStatus, ThreadId, ValidationLevel,
} from '@paloma/shared-model';

export type {
  EmailId, IdentityId, KeySource, MailboxId, MailboxRole, MailProgramServer, MailProgramServers, SecurityFacts, SecurityProblem, SecurityStatus, SubmissionId, ThreadId,
} from '@paloma/shared-model';

/** RFC 8620 §2. URLs are templates; see `expandUrl`. */
export interface JmapSession {
  username: string;
  accounts: Record<string, { name: string; accountCapabilities: { 'urn:paloma:params:jmap:settings'?: MailProgramServers } }>;
  primaryAccounts: Record<string, string>;
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  capabilities: Record<string, { maxCallsInRequest?: number; maxSizeUpload?: number; maxObjectsInGet?: number }>;
}

/** RFC 8621 §2. */
export interface Mailbox {
  id: MailboxId;
  name: string;
  parentId: MailboxId | null;
  role: MailboxRole | null;
  sortOrder: number;
  totalEmails: number;
  unreadEmails: number;
  totalThreads: number;
  unreadThreads: number;
}

/** RFC 8621 §4.1.2.3. */
export interface EmailAddress {
  name: string | null;
  email: string;
}

/** RFC 8621 §4.1.4. */
export interface EmailBodyPart {
  partId: string | null;
  blobId: string | null;
  size: number;
  name: string | null;
  type: string;
  disposition: string | null;
  cid: string | null;
}

export interface EmailBodyValue {
  value: string;
  isEncodingProblem?: boolean;
  isTruncated?: boolean;
}

/** RFC 8621 §4 with what the list shows; bodies are absent until the conversation is opened. */
export interface Email {
  id: EmailId;
  threadId: ThreadId;
  mailboxIds: Record<MailboxId, true>;
  keywords: Record<string, true>;
  from: EmailAddress[] | null;
  to: EmailAddress[] | null;
  subject: string | null;
  preview: string;
  receivedAt: string;
  size: number;
  hasAttachment: boolean;
  security: SecurityFacts;
  content?: EmailContent;
}

/** Properties fetched when a message is read. */
export interface EmailContent {
  cc: EmailAddress[] | null;
  bcc: EmailAddress[] | null;
  replyTo: EmailAddress[] | null;
  messageId: string[] | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  sentAt: string | null;
  textBody: EmailBodyPart[];
  htmlBody: EmailBodyPart[];
  attachments: EmailBodyPart[];
  bodyValues: Record<string, EmailBodyValue>;
}

export interface Thread {
  id: ThreadId;
  emailIds: EmailId[];
}

/** RFC 8621 §6. */
export interface Identity {
  id: IdentityId;
  name: string;
  email: string;
  textSignature: string;
}

/** RFC 8621 §7; `protection` is ours. Keys of the two maps are addresses. */
export interface EmailSubmission {
  id: SubmissionId;
  emailId: EmailId;
  undoStatus: 'pending' | 'final' | 'canceled';
  sendAt: string;
  deliveryStatus: Record<string, { smtpReply: string; delivered: 'queued' | 'yes' | 'no' | 'unknown'; displayed: string }> | null;
  protection?: Record<string, 'undecided' | 'encrypted' | 'signedOnly'>;
}

export interface SyncStatus extends AccountSyncStatus {
  id: 'singleton';
}

export type RecipientState = 'verified' | 'found' | 'keyChanged' | 'noKey' | 'lookupFailed' | 'invalid';

export interface ResolvedRecipient {
  address: string;
  state: RecipientState;
  fingerprint: Fingerprint | null;
}

/** A correspondent's key: the one that is encrypted to, or another that appeared and waits for a decision. */
export interface ReviewedKey {
  fingerprint: Fingerprint;
  state: 'known' | 'refused';
  /** "fingerprint": the user compared it. */
  level: ValidationLevel;
  source: KeySource | null;
  firstSeenAtMs: number | null;
}

export type KeyDecision = 'verify' | 'takeNew' | 'keepKnown';

/** RFC 8621 §4.4.1: the conditions that this client uses. */
export type EmailFilter =
  | { inMailbox?: MailboxId; inMailboxOtherThan?: MailboxId[]; text?: string; from?: string; to?: string; subject?: string;
      hasKeyword?: string; notKeyword?: string; hasAttachment?: boolean; before?: string; after?: string }
  | { operator: 'AND' | 'OR' | 'NOT'; conditions: EmailFilter[] };

/** A password that lets one mail program on this machine in; times in ms of the epoch. */
export interface MailAppPassword {
  id: string;
  name: string;
  createdAtMs: number;
  lastUsedAtMs: number | null;
  unlocksAccount: boolean;
}

export interface Device {
  id: string;
  name: string | null;
  createdAtMs: number;
  lastSeenAtMs: number;
  isCurrent: boolean;
}

export interface RecoveryKit {
  code: string;
  html: string;
  text: string;
}

export type SettingsRefusal = 'wrongPassphrase' | 'notFound' | 'providerUnreachable' | 'providerRefused';
export type AlarmAnswer = 'dismiss' | 'acceptRestoredProvider' | 'startAfresh';

/** Objects kept by the cache, by the name of their type. */
export interface CachedTypes {
  Mailbox: Mailbox;
  Email: Email;
  Thread: Thread;
  Identity: Identity;
  EmailSubmission: EmailSubmission;
  SyncStatus: SyncStatus;
}
export type CachedTypeName = keyof CachedTypes;
export type IdOf<Name extends CachedTypeName> = CachedTypes[Name]['id'];

/** RFC 8620 §5.1. */
export interface GetResponse<T> {
  accountId: string;
  state: string;
  list: T[];
  notFound: string[];
}

/** RFC 8620 §5.2. */
export interface ChangesResponse {
  oldState: string;
  newState: string;
  hasMoreChanges: boolean;
  created: string[];
  updated: string[];
  destroyed: string[];
}

/** RFC 8620 §5.5. */
export interface QueryResponse {
  queryState: string;
  position: number;
  ids: EmailId[];
  total?: number;
}

/** RFC 8620 §5.3. */
export interface SetError {
  type: string;
  description?: string;
}

export interface SetResponse<T> {
  oldState: string | null;
  newState: string;
  created: Record<string, T> | null;
  updated: Record<string, unknown> | null;
  destroyed: string[] | null;
  notCreated?: Record<string, SetError> | null;
  notUpdated?: Record<string, SetError> | null;
  notDestroyed?: Record<string, SetError> | null;
}

/** RFC 8620 §7.1: new state of each changed type, by account. */
export interface StateChange {
  '@type': 'StateChange';
  changed: Record<string, Partial<Record<string, string>>>;
}
