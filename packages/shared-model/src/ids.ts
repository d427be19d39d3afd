// Identifiers of the model. Each is a branded type made by its parse function alone.
//
// Local and remote ids are different types: a `DocumentId` is the meaningful logical id that exists only on the
// user's devices; an `OpaqueDocumentId` is its keyed hash, the only form the provider sees (docs/protocol/envelope.md §3).

import type { Brand } from './brand.js';
import { ModelError } from './errors/model-error.js';

/** Account at the provider: 22 base64url characters (128 random bits). */
export type AccountId = Brand<string, 'AccountId'>;
/** One device's copy of an account: 22 base64url characters (128 random bits), fresh for every new store. */
export type ReplicaUid = Brand<string, 'ReplicaUid'>;
/** Logical document id, `<type>:<local part>`; never leaves the device. */
export type DocumentId = Brand<string, 'DocumentId'>;
/** Document id on the wire: 32 base64url characters (192 bits of a keyed hash). */
export type OpaqueDocumentId = Brand<string, 'OpaqueDocumentId'>;
/** Blob id: 43 base64url characters (256 bits, keyed hash of the content or random). */
export type BlobId = Brand<string, 'BlobId'>;
/** Namespace of blobs: lower-case letters, digits and hyphens, 1 to 32. */
export type BlobNamespace = Brand<string, 'BlobNamespace'>;
/** One item of the incoming box: 43 base64url characters, derived by the MX (docs/protocol/services-api.md §3). */
export type IncomingItemId = Brand<string, 'IncomingItemId'>;
/** Random id paired with a generation; detects a provider restored from a backup. 22 base64url characters. */
export type TransactionId = Brand<string, 'TransactionId'>;
/** Mailbox, 1 to 64 base64url characters. Roles have fixed ids (`inbox`, `sent`, …), so that two devices agree. */
export type MailboxId = Brand<string, 'MailboxId'>;
/** Email (what a user files and marks), 1 to 64 base64url characters. JMAP `Id`, RFC 8620 §1.2. */
export type EmailId = Brand<string, 'EmailId'>;
/** Message (immutable bytes), 1 to 64 base64url characters. */
export type MessageId = Brand<string, 'MessageId'>;
/** Thread, 1 to 64 base64url characters. */
export type ThreadId = Brand<string, 'ThreadId'>;
/** Outgoing act, 1 to 64 base64url characters. */
export type SubmissionId = Brand<string, 'SubmissionId'>;
/** Identity (a From address the account may use), 1 to 64 base64url characters. */
export type IdentityId = Brand<string, 'IdentityId'>;
/** Full OpenPGP fingerprint, upper-case hex: 40 characters (v4) or 64 (v6). RFC 9580 §5.5.4. */
export type Fingerprint = Brand<string, 'Fingerprint'>;
/** Log position of an account at the provider: starts at 1, no gaps; 0 means "nothing seen". */
export type Generation = Brand<number, 'Generation'>;

type IdParser<T> = (text: string) => T;

const idParser = <T>(name: string, pattern: RegExp): IdParser<T> => (text) => {
  if (typeof text !== 'string' || !pattern.test(text)) throw new ModelError('invalidId', `not a valid ${name}`);
  return text as T;
};

const BASE64URL_22 = /^[A-Za-z0-9_-]{22}$/;
const BASE64URL_43 = /^[A-Za-z0-9_-]{43}$/;
// RFC 8620 §1.2: 1 to 255 characters of the URL- and filename-safe base64 alphabet; 64 are enough for us.
const JMAP_ID = /^[A-Za-z0-9_-]{1,64}$/;

export const parseAccountId = idParser<AccountId>('AccountId', BASE64URL_22);
export const parseReplicaUid = idParser<ReplicaUid>('ReplicaUid', BASE64URL_22);
export const parseDocumentId = idParser<DocumentId>('DocumentId', /^[a-z][a-z-]{0,31}:[A-Za-z0-9._@+%=-]{1,400}$/);
export const parseOpaqueDocumentId = idParser<OpaqueDocumentId>('OpaqueDocumentId', /^[A-Za-z0-9_-]{32}$/);
export const parseBlobId = idParser<BlobId>('BlobId', BASE64URL_43);
export const parseBlobNamespace = idParser<BlobNamespace>('BlobNamespace', /^[a-z0-9-]{1,32}$/);
export const parseIncomingItemId = idParser<IncomingItemId>('IncomingItemId', BASE64URL_43);
export const parseTransactionId = idParser<TransactionId>('TransactionId', BASE64URL_22);
export const parseMailboxId = idParser<MailboxId>('MailboxId', JMAP_ID);
export const parseEmailId = idParser<EmailId>('EmailId', JMAP_ID);
export const parseMessageId = idParser<MessageId>('MessageId', JMAP_ID);
export const parseThreadId = idParser<ThreadId>('ThreadId', JMAP_ID);
export const parseSubmissionId = idParser<SubmissionId>('SubmissionId', JMAP_ID);
export const parseIdentityId = idParser<IdentityId>('IdentityId', JMAP_ID);

/** Parses a fingerprint written with or without spaces, in any case. */
export function parseFingerprint(text: string): Fingerprint {
  const compact = text.replaceAll(' ', '').toUpperCase();
  if (!/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(compact)) throw new ModelError('invalidId', 'not a valid Fingerprint');
  return compact as Fingerprint;
}

export function parseGeneration(value: number): Generation {
  if (!Number.isSafeInteger(value) || value < 0) throw new ModelError('invalidId', 'not a valid Generation');
  return value as Generation;
}

/** Type of the document that a logical id names: the part before the colon. */
export function typeOfDocumentId(documentId: DocumentId): string {
  return documentId.slice(0, documentId.indexOf(':'));
}
