// Sealed documents, docs/protocol/envelope.md §4. Id, revision, operation, epoch and class are authenticated with the content,
// so a provider can neither swap two documents nor serve an old state as a new revision.

import { MAX_SEALED_DOCUMENT_BYTES, type AccountId, type DocumentClass, type OpaqueDocumentId, type RandomSource, type Revision } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { NONCE_OCTETS, openOctets, sealOctets } from './aead.js';
import { canon } from '../public/canonical.js';
import { padmeSize } from './padme.js';
import type { StorageKeys } from './storage-keys.js';

export type DocumentOperation = 'put' | 'delete';

/** What a sealed document is bound to: all of it must be the same when it is opened. */
export interface DocumentBinding {
  keys: StorageKeys;
  accountId: AccountId;
  opaqueId: OpaqueDocumentId;
  revision: Revision;
  operation: DocumentOperation;
  documentClass: DocumentClass;
}

const VERSION = 0x01;
const HEADER_OCTETS = 1 + NONCE_OCTETS;
const LENGTH_OCTETS = 4;

/**
 * Seals under the current epoch. The nonce is fresh for each call, so one revision may be sealed twice.
 * @throws {CryptoError} "tooBig" when the sealed form would be over MAX_SEALED_DOCUMENT_BYTES
 */
export function sealDocument(input: DocumentBinding & { plaintext: Uint8Array }, random: RandomSource): { epoch: number; sealed: Uint8Array } {
  const epoch = input.keys.currentEpoch;
  const nonce = random.bytes(NONCE_OCTETS);
  const ciphertext = sealOctets(input.keys.documentKey(epoch, input.opaqueId), nonce, pad(input.plaintext), bindingOctets(input, epoch));
  const sealed = new Uint8Array(Buffer.concat([Uint8Array.of(VERSION), nonce, ciphertext]));
  if (sealed.length > MAX_SEALED_DOCUMENT_BYTES) throw new CryptoError('tooBig', `sealed document of ${sealed.length} bytes over limit`);
  return { epoch, sealed };
}

/** Not ok for whatever reason: the caller keeps the octets and raises an alarm, it never takes them for content. */
export function openDocument(input: DocumentBinding & { epoch: number; sealed: Uint8Array }): { ok: true; plaintext: Uint8Array } | { ok: false } {
  const { sealed, epoch, keys } = input;
  if (sealed.length > MAX_SEALED_DOCUMENT_BYTES || sealed[0] !== VERSION || !keys.hasEpoch(epoch)) return { ok: false };
  const nonce = sealed.subarray(1, HEADER_OCTETS);
  const padded = openOctets(keys.documentKey(epoch, input.opaqueId), nonce, sealed.subarray(HEADER_OCTETS), bindingOctets(input, epoch));
  const plaintext = padded && unpad(padded);
  return plaintext ? { ok: true, plaintext } : { ok: false };
}

function bindingOctets(binding: DocumentBinding, epoch: number): Uint8Array {
  const { accountId, opaqueId, revision, operation, documentClass } = binding;
  return canon('paloma/1', 'document', accountId, opaqueId, revision, operation, epoch, documentClass);
}

function pad(plaintext: Uint8Array): Uint8Array {
  const padded = Buffer.alloc(padmeSize(LENGTH_OCTETS + plaintext.length));
  padded.writeUInt32BE(plaintext.length);
  padded.set(plaintext, LENGTH_OCTETS);
  return padded;
}

function unpad(padded: Uint8Array): Uint8Array | null {
  if (padded.length < LENGTH_OCTETS) return null;
  const length = Buffer.from(padded.buffer, padded.byteOffset).readUInt32BE();
  return LENGTH_OCTETS + length <= padded.length ? new Uint8Array(padded.subarray(LENGTH_OCTETS, LENGTH_OCTETS + length)) : null;
}
