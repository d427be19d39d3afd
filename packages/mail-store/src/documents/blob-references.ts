// Which documents refer to a blob. Content-addressed blobs are shared; one goes when nothing refers to it any more.

import type { DocumentStore, Sql } from '@paloma/document-store';
import { parseBlobNamespace, type BlobId } from '@paloma/shared-model';

/** Namespace of everything that mail puts into blobs. */
export const MAIL_BLOBS = parseBlobNamespace('mail');

/** Replaces the references of one document. */
export function saveBlobReferences(sql: Sql, documentId: string, blobIds: readonly string[]): void {
  sql.run('DELETE FROM mail_blob_reference WHERE document_id = ?', documentId);
  for (const blobId of new Set(blobIds)) sql.run('INSERT INTO mail_blob_reference (blob_id, document_id) VALUES (?, ?)', blobId, documentId);
}

export function blobsOf(sql: Sql, documentId: string): BlobId[] {
  return sql.all<{ blobId: BlobId }>('SELECT blob_id AS blobId FROM mail_blob_reference WHERE document_id = ?', documentId).map(({ blobId }) => blobId);
}

/** Deletes those of the blobs that no document refers to. */
export function deleteUnreferencedBlobs(store: DocumentStore, blobIds: Iterable<BlobId>): void {
  for (const blobId of blobIds) {
    const isReferenced = store.sql.get('SELECT 1 FROM mail_blob_reference WHERE blob_id = ? LIMIT 1', blobId) !== undefined;
    if (!isReferenced) store.deleteBlob(MAIL_BLOBS, blobId);
  }
}
