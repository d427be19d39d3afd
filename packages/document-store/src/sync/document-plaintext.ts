// The plaintext of a sealed document, docs/protocol/envelope.md §4: a deterministic CBOR map of id, type, schema version and
// content. Stored content is already deterministic CBOR, so it is put in as it lies, whatever it means.

import { parseDocumentId, typeOfDocumentId, type DocumentId } from '@paloma/shared-model';
import { decodeContent, encodeContent } from '../local/document-content.js';
import type { DocumentRow } from '../local/document-table.js';

/** What a sealed document says about itself. */
export interface DocumentPlaintext {
  documentId: DocumentId;
  type: string;
  schemaVersion: number;
  content: unknown;
}

const MAP_OF_FOUR = Uint8Array.of(0xa4);
const NULL = Uint8Array.of(0xf6);
const [ID, TYPE, CONTENT, SCHEMA_VERSION] = ['id', 'type', 'content', 'schemaVersion'].map(encodeContent) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** Keys in the order of RFC 8949 §4.2.1: by their encoded octets. */
export function formatDocumentPlaintext({ documentId, type, schemaVersion, content }: DocumentRow): Uint8Array {
  return Buffer.concat([
    MAP_OF_FOUR, ID, encodeContent(documentId), TYPE, encodeContent(type), CONTENT, content ?? NULL, SCHEMA_VERSION, encodeContent(schemaVersion),
  ]);
}

/** Null when it is not such a map, or when id and type contradict each other. */
export function parseDocumentPlaintext(octets: Uint8Array): DocumentPlaintext | null {
  try {
    const { id, type, schemaVersion, content } = decodeContent(octets) as Record<string, unknown>;
    const documentId = parseDocumentId(String(id));
    const isConsistent = typeOfDocumentId(documentId) === type && Number.isSafeInteger(schemaVersion) && Number(schemaVersion) >= 1 && content !== undefined;
    return isConsistent ? { documentId, type, schemaVersion: Number(schemaVersion), content } : null;
  } catch {
    return null;
  }
}
