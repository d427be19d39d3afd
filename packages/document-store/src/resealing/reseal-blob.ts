import type { BlobId, BlobNamespace, RandomSource } from '@paloma/shared-model';
import { openBlob, sealBlob, sealedBlobEpoch } from '@paloma/crypto/secret';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import type { SyncTransport } from '../provider/sync-transport.js';
import type { BlobReplacementClient } from './blob-replacement-client.js';

export interface BlobResealingParts {
  readonly store: LocalDocumentStore;
  readonly transport: Pick<SyncTransport, 'fetchBlob'>;
  readonly replacement: Pick<BlobReplacementClient, 'replace'>;
  readonly random: RandomSource;
}

/** Puts a blob of an earlier epoch, sealed anew, in its place. What does not open stays as it is: whoever reads it sees that it is damaged. */
export async function resealBlob(namespace: BlobNamespace, blobId: BlobId, { store, transport, replacement, random }: BlobResealingParts): Promise<void> {
  const { keys, accountId } = store;
  const sealed = await transport.fetchBlob(namespace, blobId);
  const epoch = sealed && sealedBlobEpoch(sealed);
  if (!sealed || epoch === null || epoch >= keys.currentEpoch) return;
  const opened = openBlob({ keys, accountId, namespace, blobId, sealed });
  if (opened.ok) await replacement.replace(namespace, blobId, sealBlob({ keys, accountId, namespace, blobId, octets: opened.octets }, random).sealed);
}
