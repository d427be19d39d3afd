// Which documents refer to a blob. Content-addressed blobs are shared; one goes when nothing refers to it any more.

import type { DocumentChange, DocumentStore, Sql } from '@paloma/document-store';
import { parseBlobNamespace, type BlobId, type MessageDocument } from '@paloma/shared-model';

/** Namespace of everything that mail puts into blobs. */
export const MAIL_BLOBS = parseBlobNamespace('mail');

export function blobsOfMessage({ content, asReceived }: MessageDocument): BlobId[] {
  const blobIds = content.flatMap((run) => (run.kind === 'blob' ? run.blobId : []));
  return (asReceived ? [...blobIds, asReceived.blobId] : blobIds) as BlobId[];
}

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

/** After a commit: frees what the messages held that another device destroyed. */
export function deleteBlobsOfDestroyed(store: DocumentStore, changes: readonly DocumentChange[]): void {
  const destroyed = changes.filter(({ type, origin, after }) => type === 'message' && origin === 'sync' && after === null);
  deleteUnreferencedBlobs(store, destroyed.flatMap(({ before }) => blobsOfMessage(before as MessageDocument)));
}
