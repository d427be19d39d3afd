// Keys and names derived from the storage roots of an account, docs/protocol/envelope.md §2 and §3.
// There is one root per key epoch; names derive from the first alone, so that they outlive a rotation. When the first is retired,
// the three keys of the names stay in its place.

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
/** As on the wire: docs/protocol/envelope.md §2. */
const LAST_EPOCH = 2 ** 31 - 1;

/** Roots for a new account: epoch 1 alone. */
export function createStorageRoots(random: RandomSource): Map<number, Uint8Array> {
  return new Map([[FIRST_EPOCH, random.bytes(KEY_OCTETS)]]);
}

/** What derives from the first root alone, 32 octets each; it stays when that root is retired. */
export interface NameKeys {
  readonly id: Uint8Array;
  readonly content: Uint8Array;
  readonly localDatabase: Uint8Array;
}

export class StorageKeys {
  /** One for each root, extracted once: every document and blob has a key of its own. */
  readonly #pseudorandomKeys: Map<number, KeyObject>;
  readonly #names: NameKeys;
  readonly #idKey: KeyObject;
  readonly #contentKey: KeyObject;

  /**
   * `names` when the first root was retired.
   * @throws {CryptoError} "malformed" unless there is a root of 32 octets for each epoch named, and one for epoch 1 or the keys of the names
   */
  constructor(roots: ReadonlyMap<number, Uint8Array>, names?: NameKeys) {
    assertRoots(roots);
    this.#pseudorandomKeys = new Map([...roots].map(([epoch, root]) => [epoch, extractKey(root, NO_SALT)]));
    this.#names = names ?? this.#deriveNames();
    this.#idKey = hmacKey(this.#names.id);
    this.#contentKey = hmacKey(this.#names.content);
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

  /** Whether there was a root of this epoch that was retired: the vault has it no longer. */
  isRetired(epoch: number): boolean {
    return epoch < Math.min(...this.#pseudorandomKeys.keys());
  }

  /** For a vault without the first root. */
  get names(): NameKeys {
    return this.#names;
  }

  /** 32 octets, the key of the local database on every device of the account. */
  localDatabaseKey(): Uint8Array {
    return this.#names.localDatabase.slice();
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

  #deriveNames(): NameKeys {
    if (!this.hasEpoch(FIRST_EPOCH)) throw new CryptoError('malformed', 'there is neither a first storage root nor what stays of it');
    return { id: this.#derive(FIRST_EPOCH, 'id'), content: this.#derive(FIRST_EPOCH, 'content'), localDatabase: this.#derive(FIRST_EPOCH, 'local-database') };
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
  if (roots.size === 0 || !areWellFormed) throw new CryptoError('malformed', 'storage roots are not well formed');
}
