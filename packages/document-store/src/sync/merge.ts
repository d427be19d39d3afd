// Two devices changed one document without knowing of each other. What becomes of it, by type: a merge function where there
// is one; else an edit wins over a deletion and the state with more edits behind it over the other, the same on every device.

import {
  DOCUMENT_TYPES, incrementRevision, isDocumentType, mergeEmailDocuments, mergeRevisions,
  type ContentOf, type DocumentType, type ReplicaUid, type Revision,
} from '@paloma/shared-model';
import { areSameOctets, decodeContent, encodeContent, isUnderstood } from '../local/document-content.js';
import type { DocumentRow } from '../local/document-table.js';
import { silentStatement } from './own-head.js';
import type { ReceivedDocument } from './sealed-item.js';

/** Merges two concurrent contents of one document; must not depend on which device asks: `merge(a, b)` equals `merge(b, a)`. */
export type Merger<T extends DocumentType> = (local: ContentOf<T>, received: ContentOf<T>) => ContentOf<T>;
export type Mergers = { readonly [T in DocumentType]?: Merger<T> };

export const DEFAULT_MERGERS: Mergers = { email: mergeEmailDocuments, 'replica-head': ({ replicaUid }) => silentStatement(replicaUid) };

export type MergeOutcome =
  | { kind: 'merged'; content: Uint8Array | null; revision: Revision }
  /** A document that never changes, and has no merge function, has two contents: one is kept, the same on every device, and the other shown. */
  | { kind: 'immutableChanged'; content: Uint8Array | null; revision: Revision; loser: 'local' | 'received' }
  /** A newer program is needed to merge; its state stays, the other one waits. */
  | { kind: 'unmergeable'; loser: 'local' | 'received' };

export function mergeDocuments(local: DocumentRow, received: ReceivedDocument, mergers: Mergers, replicaUid: ReplicaUid): MergeOutcome {
  if (!isUnderstood(received.type, received.schemaVersion)) return { kind: 'unmergeable', loser: isUnderstood(local.type, local.schemaVersion) ? 'local' : 'received' };
  if (!isUnderstood(local.type, local.schemaVersion)) return { kind: 'unmergeable', loser: 'received' };
  const common = mergeRevisions(local.revision, received.revision);
  // Equal content needs no new edit: both devices come to the same revision by themselves.
  if (areSameOctets(local.content, received.content)) return { kind: 'merged', content: local.content, revision: common };
  const revision = incrementRevision(common, replicaUid);
  const isImmutable = isDocumentType(local.type) && DOCUMENT_TYPES[local.type].isImmutable && !mergers[local.type];
  if (!isImmutable || local.content === null || received.content === null) {
    return { kind: 'merged', content: mergeContents(local, received, mergers), revision };
  }
  const kept = laterOf(local, received);
  return { kind: 'immutableChanged', content: kept.content, revision, loser: kept === local ? 'received' : 'local' };
}

function mergeContents(local: DocumentRow, received: ReceivedDocument, mergers: Mergers): Uint8Array | null {
  if (local.content === null || received.content === null) return local.content ?? received.content;
  const merger = mergers[local.type as DocumentType] as ((left: unknown, right: unknown) => unknown) | undefined;
  if (!merger) return laterOf(local, received).content;
  return encodeContent(merger(decodeContent(local.content), decodeContent(received.content)));
}

type Candidate = Pick<DocumentRow, 'revision' | 'content'>;

function laterOf<Left extends Candidate, Right extends Candidate>(left: Left, right: Right): Left | Right {
  const [leftEdits, rightEdits] = [editCount(left.revision), editCount(right.revision)];
  if (leftEdits !== rightEdits) return leftEdits > rightEdits ? left : right;
  return Buffer.compare(left.content ?? Buffer.alloc(0), right.content ?? Buffer.alloc(0)) > 0 ? left : right;
}

/** How often any replica changed the document. */
function editCount(revision: Revision): number {
  return revision.split('|').reduce((sum, component) => sum + Number(component.slice(component.indexOf(':') + 1)), 0);
}
