import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import { usersPaths } from '@paloma/sync-protocol';
import { absentWhen } from '../provider/absent-when.js';
import type { ProviderConnection } from '../provider/provider-connection.js';

/** Puts a blob that was sealed anew in the place of the one before, docs/protocol/sync.md §5. */
export class BlobReplacementClient {
  constructor(private readonly connection: ProviderConnection) {}

  /** False when there is none to replace: it was removed meanwhile. */
  async replace(namespace: BlobNamespace, blobId: BlobId, sealed: Uint8Array): Promise<boolean> {
    const headers = { 'content-type': 'application/octet-stream', 'if-match': '*' };
    const answer = await absentWhen('preconditionFailed', () => this.connection.send({ method: 'PUT', path: usersPaths.blob(namespace, blobId), headers, body: sealed }));
    await answer?.discard();
    return answer !== null;
  }
}
