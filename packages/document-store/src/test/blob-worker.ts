// Runs as a process of its own and is killed: evicts blobs, or downloads a large one, in the store named by its arguments, and
// says after each step how far it is.

import { parseBlobNamespace, type BlobId, type RandomSource } from '@paloma/shared-model';
import { systemRandom } from '@paloma/crypto/public';
import { sealBlob } from '@paloma/crypto/secret';
import type { BlobSource } from '../local/blob-fetcher.js';
import { openDocumentStore, type LocalDocumentStore } from '../local/local-document-store.js';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from './example-account.js';

export const BLOB_NAMESPACE = parseBlobNamespace('mail');
const LARGE_OCTETS = 20 * 1024 * 1024;

export function openBlobStore(path: string): LocalDocumentStore {
  const keys = exampleKeys();
  return openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random: systemRandom });
}

/** Only where nothing is secret: what is sealed with it is the same in every process. */
const NO_RANDOM: RandomSource = { bytes: (count) => new Uint8Array(count) };

/** A blob of ten parts, sealed alike in every process. */
export function largeSealedBlob(): { blobId: BlobId; octets: Uint8Array; sealed: Uint8Array } {
  const keys = exampleKeys();
  const octets = new Uint8Array(LARGE_OCTETS).fill(7);
  const blobId = keys.contentBlobId(BLOB_NAMESPACE, octets);
  return { blobId, octets, sealed: sealBlob({ keys, accountId: EXAMPLE_ACCOUNT_ID, namespace: BLOB_NAMESPACE, blobId, octets }, NO_RANDOM).sealed };
}

/** Serves the large blob; tells where each part begins. */
export function largeBlobSource(onPart: (from: number) => void): BlobSource {
  const { sealed } = largeSealedBlob();
  return {
    fetchBlobPart: async (_namespace, _blobId, { from, maxBytes }) => {
      onPart(from);
      return { octets: sealed.slice(from, from + maxBytes), totalBytes: sealed.length };
    },
    downloadBlobs: async () => [],
  };
}

function say(progress: number): void {
  process.stdout.write(`${progress}\n`);
}

function evictAll(store: LocalDocumentStore): void {
  store.blobStatus().subscribe(({ evicted }) => say(evicted));
  store.setBlobBudget(0);
}

async function download(store: LocalDocumentStore): Promise<void> {
  store.useBlobSource(largeBlobSource(say));
  await store.getBlob(BLOB_NAMESPACE, largeSealedBlob().blobId);
}

const [, script, path, work] = process.argv;
if (path !== undefined && script === import.meta.filename) {
  const store = openBlobStore(path);
  if (work === 'evict') evictAll(store);
  else await download(store);
}
