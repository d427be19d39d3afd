// Fields that messages share. Ids are checked by the parse functions of shared-model, the one place that knows their form.

import { z } from 'zod';
import {
  parseAccountId, parseBlobId, parseGeneration, parseIncomingItemId, parseMailAddress, parseOpaqueDocumentId,
  parseReplicaUid, parseRevision, parseTransactionId, type TransactionId,
} from '@paloma/shared-model';

function parsedBy<Output, Input>(name: string, parse: (input: Input) => Output) {
  return z.custom<Output>((value) => isAccepted(() => parse(value as Input))).meta({ description: name });
}

function isAccepted(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

export const accountId = parsedBy('AccountId', parseAccountId);
export const replicaUid = parsedBy('ReplicaUid', parseReplicaUid);
export const opaqueDocumentId = parsedBy('OpaqueDocumentId', parseOpaqueDocumentId);
export const blobId = parsedBy('BlobId', parseBlobId);
export const incomingItemId = parsedBy('IncomingItemId', parseIncomingItemId);
export const revision = parsedBy('Revision', parseRevision).refine((text) => text !== '', 'a stored document has a revision');
export const generation = parsedBy('Generation', parseGeneration);
/** Empty text: nothing was ever pushed. */
export const transactionId = parsedBy('TransactionId or empty', (text: string) => (text === '' ? (text as TransactionId) : parseTransactionId(text)));
export const mailAddress = z.string().max(254).pipe(parsedBy('MailAddress', parseMailAddress));

export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array).meta({ description: 'bytes' });
export const octetCount = z.int().nonnegative();
export const epochMs = z.int().nonnegative();
/** Lease of an incoming item: 22 base64url characters (128 random bits), fresh each time the item is leased to another replica. */
export const lease = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
/** Text that one end made and the other only hands on: base64url, at most 8 KiB. */
export const base64urlText = z.string().regex(/^[A-Za-z0-9_-]{1,8192}$/);
