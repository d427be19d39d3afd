// Content of documents as octets: deterministic CBOR (RFC 8949 §4.2), so that equal content is equal octets, on every device.

import { decode, type DecodeOptions } from 'cborg';
import { DOCUMENT_TYPES, isDocumentType } from '@paloma/shared-model';
import { deterministicCbor } from './content-writer.js';

const DECODE_OPTIONS: DecodeOptions = { allowIndefinite: false, allowUndefined: false, rejectDuplicateMapKeys: true };

/**
 * Largest plaintext of a document, in octets: padded to its Padmé size and sealed it is still under
 * MAX_SEALED_DOCUMENT_BYTES. A larger one could be written here and never reach another device.
 */
export const MAX_DOCUMENT_BYTES = 1_000_000;

export function encodeContent(content: unknown): Uint8Array {
  return deterministicCbor(content);
}

export function decodeContent(octets: Uint8Array): unknown {
  return decode(octets, DECODE_OPTIONS);
}

/** Whether this program knows what a document of this type and version means. */
export function isUnderstood(type: string, schemaVersion: number): boolean {
  return isDocumentType(type) && schemaVersion <= DOCUMENT_TYPES[type].schemaVersion;
}

export function areSameOctets(left: Uint8Array | null, right: Uint8Array | null): boolean {
  return left === right || (left !== null && right !== null && Buffer.compare(left, right) === 0);
}
