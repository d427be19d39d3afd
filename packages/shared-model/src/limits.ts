// Limits shared by both ends. The provider announces its own in the info document (docs/protocol/sync.md §2);
// these are the defaults and the upper bounds that a client accepts.

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest sealed document. A document is opened in memory; without a bound one record could exhaust a device. */
export const MAX_SEALED_DOCUMENT_BYTES = 1 * MIB;
/** Largest sealed blob. Blobs stream, the bound is the provider's disk. */
export const MAX_BLOB_BYTES = 100 * MIB;
/** Largest request or response body of one batch (push, blob batch). */
export const MAX_BATCH_BYTES = 32 * MIB;
/** Most records in one batch. */
export const MAX_BATCH_RECORDS = 2000;
/** Largest message the MX and the submission port accept (announced by SMTP SIZE, RFC 1870). */
export const MAX_MESSAGE_BYTES = 50 * MIB;
/** Parts above this go to blobs of their own; smaller ones stay in documents, where one request carries thousands. */
export const BLOB_THRESHOLD_BYTES = 32 * KIB;
/** Replicas one revision may name: each new device adds one, and a revision travels with every document. */
export const MAX_REVISION_REPLICAS = 256;
/** Lease on an incoming item. A device that dies gives the item back after this long. */
export const INCOMING_LEASE_MS = 60_000;
/** Recipients of one message, RFC 5321 §4.5.3.1.8 asks for at least 100. */
export const MAX_RECIPIENTS = 100;
/** Value of one annotation (IMAP METADATA). All those of a mailbox are one document: 50 of them are half of what one may have. */
export const MAX_ANNOTATION_BYTES = 8 * 1024;
