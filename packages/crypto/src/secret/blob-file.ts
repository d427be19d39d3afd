// The layout of a sealed blob, docs/protocol/envelope.md §5, without any I/O: header, file key, chunk numbers.

import { MAX_BLOB_BYTES, type AccountId, type BlobId, type BlobNamespace, type RandomSource } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { NONCE_OCTETS, openOctets, sealOctets, TAG_OCTETS } from './aead.js';
import { canon } from '../public/canonical.js';
import { hkdf } from './hkdf.js';
import { padmeSize } from './padme.js';
import type { StorageKeys } from './storage-keys.js';

/** What a sealed blob is bound to. */
export interface BlobBinding {
  keys: StorageKeys;
  accountId: AccountId;
  namespace: BlobNamespace;
  blobId: BlobId;
}

const VERSION = 0x01;
const EPOCH_OFFSET = 1;
const SALT_OFFSET = 5;
const SALT_OCTETS = 16;
export const BLOB_HEADER_OCTETS = SALT_OFFSET + SALT_OCTETS;
export const BLOB_CHUNK_OCTETS = 65_536;
export const SEALED_CHUNK_OCTETS = BLOB_CHUNK_OCTETS + TAG_OCTETS;
export const BLOB_LENGTH_OCTETS = 8;

/** Seals and opens the chunks of one blob. */
export interface BlobChunks {
  seal(index: number, isFinal: boolean, plaintext: Uint8Array): Uint8Array;
  /** Null when the chunk is not the one at this place of this blob. */
  open(index: number, isFinal: boolean, sealed: Uint8Array): Uint8Array | null;
}

/** A new header under the current epoch; the random salt makes the file key, and so every chunk nonce, serve once. */
export function createBlobFile(binding: BlobBinding, random: RandomSource): { epoch: number; header: Uint8Array; chunks: BlobChunks } {
  const epoch = binding.keys.currentEpoch;
  const header = Buffer.alloc(BLOB_HEADER_OCTETS);
  header.writeUInt8(VERSION);
  header.writeUInt32BE(epoch, EPOCH_OFFSET);
  header.set(random.bytes(SALT_OCTETS), SALT_OFFSET);
  return { epoch, header, chunks: chunksOf(binding, epoch, header.subarray(SALT_OFFSET)) };
}

/** Null for a header of another version or of an epoch without a root. */
export function readBlobFile(binding: BlobBinding, header: Uint8Array): BlobChunks | null {
  if (header.length < BLOB_HEADER_OCTETS || header[0] !== VERSION) return null;
  const epoch = Buffer.from(header.buffer, header.byteOffset).readUInt32BE(EPOCH_OFFSET);
  return binding.keys.hasEpoch(epoch) ? chunksOf(binding, epoch, header.subarray(SALT_OFFSET, BLOB_HEADER_OCTETS)) : null;
}

/** The key epoch that a sealed blob says it needs; null for another version. */
export function sealedBlobEpoch(sealed: Uint8Array): number | null {
  if (sealed.length < BLOB_HEADER_OCTETS || sealed[0] !== VERSION) return null;
  return Buffer.from(sealed.buffer, sealed.byteOffset).readUInt32BE(EPOCH_OFFSET);
}

/** Octets that stand before the content. @throws {CryptoError} "tooBig" */
export function blobLengthPrefix(sizeBytes: number): Uint8Array {
  if (sizeBytes > MAX_BLOB_BYTES) throw new CryptoError('tooBig', `blob of ${sizeBytes} bytes over limit ${MAX_BLOB_BYTES}`);
  const prefix = Buffer.alloc(BLOB_LENGTH_OCTETS);
  prefix.writeBigUInt64BE(BigInt(sizeBytes));
  return prefix;
}

/** Zero octets that stand behind the content. */
export function blobPaddingBytes(sizeBytes: number): number {
  const unpadded = BLOB_LENGTH_OCTETS + sizeBytes;
  return padmeSize(unpadded) - unpadded;
}

function chunksOf(binding: BlobBinding, epoch: number, salt: Uint8Array): BlobChunks {
  const { keys, accountId, namespace, blobId } = binding;
  const fileKey = hkdf(keys.blobKey(epoch, namespace, blobId), salt, 'paloma/1', 'blob-file');
  const aad = canon('paloma/1', 'blob', accountId, namespace, blobId);
  return {
    seal: (index, isFinal, plaintext) => sealOctets(fileKey, chunkNonce(index, isFinal), plaintext, aad),
    open: (index, isFinal, sealed) => openOctets(fileKey, chunkNonce(index, isFinal), sealed, aad),
  };
}

/** Index in 11 octets, then the final flag: the STREAM construction (Hoang et al., CRYPTO 2015). */
function chunkNonce(index: number, isFinal: boolean): Uint8Array {
  const nonce = Buffer.alloc(NONCE_OCTETS);
  nonce.writeUIntBE(index, NONCE_OCTETS - 7, 6);
  nonce.writeUInt8(isFinal ? 1 : 0, NONCE_OCTETS - 1);
  return nonce;
}
