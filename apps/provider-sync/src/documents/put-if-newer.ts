import { compareRevisions, type Generation, type Revision } from '@paloma/shared-model';
import type { PushItem, PushOutcomeKind } from '@paloma/sync-protocol';

/** What the provider holds of a document. */
export interface HeldDocument {
  revision: Revision;
  epoch: number;
  generation: Generation;
  sealedBytes: number;
}

/**
 * U1DB's put-if-newer on revisions alone, since content cannot be read here (docs/protocol/sync.md §3). The same revision
 * under a higher epoch is a re-sealing and is stored.
 */
export function putIfNewer(held: HeldDocument | undefined, { revision, epoch }: Pick<PushItem, 'revision' | 'epoch'>): PushOutcomeKind {
  if (!held) return 'inserted';
  switch (compareRevisions(revision, held.revision)) {
    case 'newer': return 'inserted';
    case 'older': return 'superseded';
    case 'concurrent': return 'conflicted';
    case 'same': return epoch > held.epoch ? 'inserted' : 'converged';
  }
}
