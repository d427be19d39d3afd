// Keys and names derived from the storage roots of an account, docs/protocol/envelope.md §2 and §3.
// There is one root per key epoch; names derive from the first alone, so that they outlive a rotation.

import { createHmac, type KeyObject } from 'node:crypto';
import type { BlobId, BlobNamespace, DocumentId, OpaqueDocumentId, RandomSource } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { KEY_OCTETS } from './aead.js';
import { canonPieces, type CanonicalField } from '../public/canonical.js';
import { expandKey, extractKey, hmacKey } from './hkdf.js';

const DERIVATION = 'paloma/1';
const NO_SALT = new Uint8Array();
const FIRST_EPOCH = 1;
const SHORT_NAME_OCTETS = 24;
const LAST_EPOCH = 0xffff_ffff;

/** Roots for a new account: epoch 1 alone. */
export function createStorageRoots(random: RandomSource): Map<number, Uint8Array> {
  return new Map([[FIRST_EPOCH, random.bytes(KEY_OCTETS)]]);
}

export class StorageKeys {
  /** One for each root, extracted once: every document and blob has a key of its own. */
  readonly #pseudorandomKeys: Map<number, KeyObject>;
  readonly #idKey: KeyObject;
  readonly #contentKey: KeyObject;

  /** @throws {CryptoError} "malformed" unless there is a root of 32 octets for epoch 1 and each other epoch named */
  constructor(roots: ReadonlyMap<number, Uint8Array>) {
    assertRoots(roots);
    this.#pseudorandomKeys = new Map([...roots].map(([epoch, root]) => [epoch, extractKey(root, NO_SALT)]));
    this.#idKey = hmacKey(this.#derive(FIRST_EPOCH, 'id'));
    this.#contentKey = hmacKey(this.#derive(FIRST_EPOCH, 'content'));
  }

  /** The epoch that seals; older ones only open. */
  get currentEpoch(): number {
    return Math.max(...this.#pseudorandomKeys.keys());
  }

  /** Roots of later epochs, from the next vault of the account; those known already stay as they are. @throws {CryptoError} "malformed" */
  learn(roots: ReadonlyMap<number, Uint8Array>): void {
    assertRoots(roots);
    for (const [epoch, root] of roots) if (!this.hasEpoch(epoch)) this.#pseudorandomKeys.set(epoch, extractKey(root, NO_SALT));
  }

  hasEpoch(epoch: number): boolean {
    return this.#pseudorandomKeys.has(epoch);
  }

  /** 32 octets, the key of the local database on every device of the account. */
  localDatabaseKey(): Uint8Array {
    return this.#derive(FIRST_EPOCH, 'local-database');
  }

  opaqueDocumentId(id: DocumentId): OpaqueDocumentId {
    return keyedHash(this.#idKey, ['document', id]).subarray(0, SHORT_NAME_OCTETS).toString('base64url') as OpaqueDocumentId;
  }

  /** The same octets in the same namespace are the same blob, on every device. */
  contentBlobId(namespace: BlobNamespace, octets: Uint8Array): BlobId {
    return keyedHash(this.#contentKey, ['blob', namespace, octets]).toString('base64url') as BlobId;
  }

  /** An id that two devices derive alike, unguessable to the provider: 32 base64url characters. */
  deriveId(purpose: string, text: string | Uint8Array): string {
    return keyedHash(this.#contentKey, ['derived', purpose, text]).subarray(0, SHORT_NAME_OCTETS).toString('base64url');
  }

  /** @throws {CryptoError} "unsupported" for an epoch without a root */
  documentKey(epoch: number, opaqueId: OpaqueDocumentId): Uint8Array {
    return this.#derive(epoch, 'document', opaqueId);
  }

  /** @throws {CryptoError} "unsupported" for an epoch without a root */
  blobKey(epoch: number, namespace: BlobNamespace, blobId: BlobId): Uint8Array {
    return this.#derive(epoch, 'blob', namespace, blobId);
  }

  #derive(epoch: number, ...purpose: readonly string[]): Uint8Array {
    const pseudorandomKey = this.#pseudorandomKeys.get(epoch);
    if (!pseudorandomKey) throw new CryptoError('unsupported', `no storage root for key epoch ${epoch}`);
    return expandKey(pseudorandomKey, DERIVATION, ...purpose);
  }
}

function keyedHash(key: KeyObject, fields: readonly CanonicalField[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const piece of canonPieces(...fields)) hmac.update(piece);
  return hmac.digest();
}

function assertRoots(roots: ReadonlyMap<number, Uint8Array>): void {
  const areWellFormed = [...roots].every(([epoch, root]) =>
    Number.isInteger(epoch) && epoch >= FIRST_EPOCH && epoch <= LAST_EPOCH && root.length === KEY_OCTETS);
  if (!roots.has(FIRST_EPOCH) || !areWellFormed) throw new CryptoError('malformed', 'storage roots are not well formed');
}
