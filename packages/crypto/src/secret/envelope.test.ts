// Golden vectors of docs/protocol/envelope.md: another implementation can be checked against the same file, and this one
// cannot change what it writes without a new version of the protocol.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  DOCUMENT_CLASSES, parseAccountId, parseBlobId, parseBlobNamespace, parseDocumentId, parseOpaqueDocumentId, parseRevision, Redacted, type RandomSource,
} from '@paloma/shared-model';
import { openBlob } from './open-blob.js';
import { padmeSize } from './padme.js';
import { openDocument, sealDocument } from './seal-document.js';
import { sealBlob } from './seal-blob.js';
import { StorageKeys } from './storage-keys.js';
import { addPassphraseWrap, createVault, openVault } from './vault.js';

const vectors = JSON.parse(readFileSync(new URL('../../test/vectors/envelope.json', import.meta.url), 'utf8'));
const octetsOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

const accountId = parseAccountId(vectors.accountId);
const roots = new Map(Object.entries<string>(vectors.roots).map(([epoch, root]) => [Number(epoch), octetsOf(root)]));
const keys = new StorageKeys(roots);

function counterFrom(start: number): RandomSource {
  let next = start;
  return { bytes: (count) => Uint8Array.from({ length: count }, () => next++) };
}

test('every derivation gives the octets of the vectors', () => {
  const { localDatabaseKey, opaqueDocumentId, contentBlobId, deriveId, documentKey, blobKey } = vectors.derivations;
  expect(hexOf(keys.localDatabaseKey())).toBe(localDatabaseKey);
  expect(keys.opaqueDocumentId(parseDocumentId(opaqueDocumentId.documentId))).toBe(opaqueDocumentId.value);
  expect(keys.contentBlobId(parseBlobNamespace(contentBlobId.namespace), octetsOf(contentBlobId.octets))).toBe(contentBlobId.value);
  expect(keys.deriveId(deriveId.purpose, deriveId.text)).toBe(deriveId.value);
  expect(hexOf(keys.documentKey(documentKey.epoch, documentKey.opaqueId))).toBe(documentKey.value);
  expect(hexOf(keys.blobKey(blobKey.epoch, blobKey.namespace, blobKey.blobId))).toBe(blobKey.value);
});

test('a document seals to the octets of the vectors and opens from them', () => {
  const { opaqueId, revision, operation, documentClass, epoch, plaintext, sealed } = vectors.document;
  const binding = { keys, accountId, opaqueId: parseOpaqueDocumentId(opaqueId), revision: parseRevision(revision), operation, documentClass };
  const made = sealDocument({ ...binding, plaintext: octetsOf(plaintext) }, counterFrom(vectors.randomStart));
  expect([made.epoch, hexOf(made.sealed)]).toEqual([epoch, sealed]);
  expect(documentClass).toBe(DOCUMENT_CLASSES.summary);
  expect(openDocument({ ...binding, epoch, sealed: octetsOf(sealed) })).toEqual({ ok: true, plaintext: octetsOf(plaintext) });
});

test('a blob of one chunk seals to the octets of the vectors and opens from them', () => {
  const { namespace, blobId, octets, sealed } = vectors.blob;
  const binding = { keys, accountId, namespace: parseBlobNamespace(namespace), blobId: parseBlobId(blobId) };
  expect(hexOf(sealBlob({ ...binding, octets: octetsOf(octets) }, counterFrom(vectors.randomStart)).sealed)).toBe(sealed);
  expect(openBlob({ ...binding, sealed: octetsOf(sealed) })).toEqual({ ok: true, octets: octetsOf(octets) });
});

test('a blob of two chunks seals to the octets of the vectors', () => {
  const { namespace, blobId, octet, count, sealedBytes, sealedSha256 } = vectors.blobOfTwoChunks;
  const octets = new Uint8Array(count).fill(octet);
  const { sealed } = sealBlob({ keys, accountId, namespace, blobId, octets }, counterFrom(vectors.randomStart));
  expect([sealed.length, createHash('sha256').update(sealed).digest('hex')]).toEqual([sealedBytes, sealedSha256]);
});

test('a vault is made as in the vectors and opens from them with either wrap', async () => {
  const { exportKey, passphrase, randomStart, value, passphraseRandomStart, withPassphrase } = vectors.vault;
  const access = { exportKey: octetsOf(exportKey) };
  const secret = new Redacted<string>(passphrase);
  expect(hexOf(createVault({ accountId, roots }, access.exportKey, counterFrom(randomStart)))).toBe(value);
  expect(hexOf(await addPassphraseWrap(octetsOf(value), accountId, access, secret, counterFrom(passphraseRandomStart)))).toBe(withPassphrase);
  expect(await openVault(octetsOf(withPassphrase), accountId, { passphrase: secret })).toMatchObject({ ok: true, roots });
  expect(await openVault(octetsOf(withPassphrase), accountId, access)).toMatchObject({ ok: true, roots });
});

test.each<[number, number]>(vectors.padme)('%i octets are padded to %i', (sizeBytes, paddedBytes) => {
  expect(padmeSize(sizeBytes)).toBe(paddedBytes);
});
