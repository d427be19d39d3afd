// Between a row of this device and an item on the wire. Opening checks everything that can be checked: the seal, the id the
// item travels under, and the content's schema. What fails is a reason, never an exception and never content.

import { DOCUMENT_TYPES, isDocumentType, parseDocumentContent, type AccountId, type RandomSource } from '@paloma/shared-model';
import { openDocument, sealDocument, type StorageKeys } from '@paloma/crypto/secret';
import type { PullItem, PushItem } from '@paloma/sync-protocol';
import { encodeContent, isUnderstood } from '../local/document-content.js';
import type { DocumentRow } from '../local/document-table.js';
import type { SetAsideReason } from '../local/set-aside-table.js';
import { formatDocumentPlaintext, parseDocumentPlaintext, type DocumentPlaintext } from './document-plaintext.js';

export interface SealingParty {
  readonly keys: StorageKeys;
  readonly accountId: AccountId;
}

/** A state of a document as another device sealed it. */
export type ReceivedDocument = Omit<DocumentRow, 'baseRevision' | 'dirtySequence'>;
/** `content`: decoded, as `understoodContent` would give it again. */
export type OpenedItem = { ok: true; document: ReceivedDocument; content: unknown } | { ok: false; reason: SetAsideReason };

export function sealItem(row: DocumentRow, { keys, accountId }: SealingParty, random: RandomSource): PushItem {
  const opaqueId = keys.opaqueDocumentId(row.documentId);
  const { revision, documentClass } = row;
  const operation = row.content === null ? 'delete' : 'put';
  const { epoch, sealed } = sealDocument({ keys, accountId, opaqueId, revision, operation, documentClass, plaintext: formatDocumentPlaintext(row) }, random);
  return { id: opaqueId, revision, class: documentClass, epoch, tombstone: row.content === null, sealed: sealed as PushItem['sealed'] };
}

export function openItem(item: PullItem, { keys, accountId }: SealingParty): OpenedItem {
  const { id: opaqueId, revision, class: documentClass, epoch, tombstone, sealed } = item;
  const opened = openDocument({ keys, accountId, opaqueId, revision, operation: tombstone ? 'delete' : 'put', documentClass, epoch, sealed });
  if (!opened.ok) return { ok: false, reason: 'openFailed' };
  const plaintext = parseDocumentPlaintext(opened.plaintext);
  if (!plaintext) return { ok: false, reason: 'invalidContent' };
  if (keys.opaqueDocumentId(plaintext.documentId) !== opaqueId) return { ok: false, reason: 'idMismatch' };
  if (!isAcceptable(plaintext, item)) return { ok: false, reason: 'invalidContent' };
  const { documentId, type, schemaVersion, content } = plaintext;
  const document = { documentId, type, schemaVersion, documentClass, revision, content: content === null ? null : encodeContent(content) };
  return { ok: true, document, content: isUnderstood(type, schemaVersion) ? content : null };
}

/** What this program understands must keep to its schema and class; what a newer program wrote is taken as it is. */
function isAcceptable({ type, schemaVersion, content }: DocumentPlaintext, item: PullItem): boolean {
  if ((content === null) !== item.tombstone) return false;
  if (!isDocumentType(type) || !isUnderstood(type, schemaVersion)) return true;
  if (DOCUMENT_TYPES[type].documentClass !== item.class) return false;
  try {
    if (content !== null) parseDocumentContent(type, content);
    return true;
  } catch {
    return false;
  }
}
