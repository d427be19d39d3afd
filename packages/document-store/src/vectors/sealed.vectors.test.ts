// What this package and @paloma/crypto seal, against the vectors that programs in other languages are held to
// (packages/sync-protocol/vectors/README.md): the same octets from the same inputs, and nothing opens that must not.

import { expect, test } from '@jest/globals';
import {
  Redacted, parseReplicaUid,
  type AccountId, type BlobId, type BlobNamespace, type DocumentClass, type DocumentId, type Generation, type OpaqueDocumentId, type RandomSource, type Revision,
} from '@paloma/shared-model';
import { credentialChangeProof, type ProvenChange } from '@paloma/crypto/public';
import {
  StorageKeys, addPassphraseWrap, createRecoveryCode, createVault, formatRecoveryCode, openBlob, openDocument, openVault, parseRecoveryCode, recoverySecret, replaceRecoveryWrap,
  resealVault, sealBlob, sealDocument, type VaultAccess,
} from '@paloma/crypto/secret';
import { readSyncVectors, readVectorOctets, type VectorOctets } from '@paloma/test-kit';
import { encodeContent } from '../local/document-content.js';
import { WriteLedger, exclusiveOr } from '../local/write-ledger.js';
import { openItem } from '../sync/sealed-item.js';

interface Named {
  name: string;
}
interface WireRecord {
  id: OpaqueDocumentId;
  revision: Revision;
  class: DocumentClass;
  epoch: number;
  tombstone: boolean;
}
interface DocumentVector extends Named {
  nonce: Uint8Array;
  value: { id: DocumentId; type: string; schemaVersion: number; content: unknown };
  plaintext: VectorOctets;
  record: WireRecord;
  sealed: VectorOctets;
}
interface BlobVector extends Named {
  namespace: BlobNamespace;
  blobId: BlobId;
  epoch: number;
  salt: Uint8Array;
  octets: VectorOctets;
  sealed: VectorOctets;
}
interface KeptVault {
  roots: Record<string, Uint8Array>;
  serial: number;
  octets: VectorOctets;
}
interface Tables {
  accountId: AccountId;
  roots: Record<string, Uint8Array>;
  keys: {
    localDatabaseKey: Uint8Array;
    documentIds: { documentId: DocumentId; opaqueId: string }[];
    contentBlobIds: { namespace: BlobNamespace; octets: Uint8Array; blobId: string }[];
    derivedIds: { purpose: string; text: string; id: string }[];
    documentKeys: { epoch: number; opaqueId: OpaqueDocumentId; key: Uint8Array }[];
    blobKeys: { epoch: number; namespace: BlobNamespace; blobId: BlobId; key: Uint8Array }[];
  };
  documents: DocumentVector[];
  refusedDocuments: (Named & { accountId: AccountId; record: WireRecord; sealed: VectorOctets })[];
  unacceptableDocuments: (Named & { accountId: AccountId; record: WireRecord; sealed: VectorOctets; reason: string })[];
  blobs: BlobVector[];
  refusedBlobs: (Named & { accountId: AccountId; namespace: BlobNamespace; blobId: BlobId; sealed: VectorOctets })[];
  vault: {
    exportKey: Uint8Array;
    recoveryExportKey: Uint8Array;
    vaultKey: Uint8Array;
    passphrase: string;
    salt: Uint8Array;
    nonces: Record<'content' | 'login' | 'recovery' | 'passphrase' | 'contentAfterRotation', Uint8Array>;
    first: KeptVault;
    withRecovery: KeptVault;
    rotated: KeptVault;
    local: KeptVault;
    refused: (Named & { accountId: AccountId; octets: VectorOctets })[];
  };
  statement: { written: { documentId: DocumentId; replicaUid: string; counter: number; share: Uint8Array }[]; digest: Uint8Array };
  recoveryCode: { codes: { random: Uint8Array; code: string; secret: string }[]; typed: { typed: string; secret: string }[]; refused: { typed: string; group: number }[] };
  credentialChangeProofs: { sessionKey: string; change: ProvenChange; proof: string }[];
}

const vectors = readSyncVectors<Tables>('sealed');
const { accountId } = vectors;
const rootsOf = (roots: Record<string, Uint8Array>) => new Map(Object.entries(roots).map(([epoch, root]) => [Number(epoch), root]));
const ROOTS = rootsOf(vectors.roots);
/** Of a device that knows the epochs up to this one; what it seals is sealed under it. */
const keysThrough = (epoch: number) => new StorageKeys(new Map([...ROOTS].filter(([each]) => each <= epoch)));
const keys = keysThrough(2);

const byName = <Row extends Named>(rows: readonly Row[]): [string, Row][] => rows.map((row) => [row.name, row]);
const bindingOf = ({ id, revision, tombstone, class: documentClass }: WireRecord) =>
  ({ accountId, opaqueId: id, revision, operation: tombstone ? 'delete' : 'put', documentClass }) as const;
const pulled = (record: WireRecord, sealed: VectorOctets) => ({ ...record, sealed: readVectorOctets(sealed), generation: 1 as Generation });

function inOrder(...octets: Uint8Array[]): RandomSource {
  const given = Buffer.concat(octets);
  let taken = 0;
  return { bytes: (count) => new Uint8Array(given.subarray(taken, taken += count)) };
}

test('keys and names are derived as in the vectors', () => {
  const { localDatabaseKey, documentIds, contentBlobIds, derivedIds, documentKeys, blobKeys } = vectors.keys;
  expect(keys.localDatabaseKey()).toEqual(localDatabaseKey);
  for (const { documentId, opaqueId } of documentIds) expect(keys.opaqueDocumentId(documentId)).toBe(opaqueId);
  for (const { namespace, octets, blobId } of contentBlobIds) expect(keys.contentBlobId(namespace, octets)).toBe(blobId);
  for (const { purpose, text, id } of derivedIds) expect(keys.deriveId(purpose, text)).toBe(id);
  for (const { epoch, opaqueId, key } of documentKeys) expect(keys.documentKey(epoch, opaqueId)).toEqual(key);
  for (const { epoch, namespace, blobId, key } of blobKeys) expect(keys.blobKey(epoch, namespace, blobId)).toEqual(key);
});

test.each(byName(vectors.documents))('sealed to the octets and opened from them: %s', (_name, { nonce, value, plaintext, record, sealed }) => {
  expect(encodeContent(value)).toEqual(readVectorOctets(plaintext));
  const made = sealDocument({ ...bindingOf(record), keys: keysThrough(record.epoch), plaintext: readVectorOctets(plaintext) }, inOrder(nonce));
  expect(made).toEqual({ epoch: record.epoch, sealed: readVectorOctets(sealed) });
  const opened = openItem(pulled(record, sealed), { keys, accountId });
  const content = value.content === null ? null : encodeContent(value.content);
  expect(opened).toMatchObject({ ok: true, document: { documentId: value.id, type: value.type, schemaVersion: 1, revision: record.revision, content } });
});

test.each(byName(vectors.refusedDocuments))('does not open: %s', (_name, { record, sealed, ...where }) => {
  expect(openDocument({ ...bindingOf(record), ...where, keys, epoch: record.epoch, sealed: readVectorOctets(sealed) })).toEqual({ ok: false });
  expect(openItem(pulled(record, sealed), { keys, accountId: where.accountId })).toEqual({ ok: false, reason: 'openFailed' });
});

test.each(byName(vectors.unacceptableDocuments))('opens and is not content: %s', (_name, { record, sealed, reason }) => {
  expect(openDocument({ ...bindingOf(record), keys, epoch: record.epoch, sealed: readVectorOctets(sealed) }).ok).toBe(true);
  expect(openItem(pulled(record, sealed), { keys, accountId })).toEqual({ ok: false, reason });
});

test.each(byName(vectors.blobs))('sealed to the octets and opened from them: %s', (_name, { namespace, blobId, epoch, salt, octets, sealed }) => {
  const binding = { accountId, namespace, blobId };
  expect(sealBlob({ ...binding, keys: keysThrough(epoch), octets: readVectorOctets(octets) }, inOrder(salt))).toEqual({ epoch, sealed: readVectorOctets(sealed) });
  expect(openBlob({ ...binding, keys, sealed: readVectorOctets(sealed) })).toEqual({ ok: true, octets: readVectorOctets(octets) });
});

test.each(byName(vectors.refusedBlobs))('does not open: %s', (_name, { sealed, accountId: ofAccount, namespace, blobId }) => {
  expect(openBlob({ keys, accountId: ofAccount, namespace, blobId, sealed: readVectorOctets(sealed) })).toEqual({ ok: false });
});

test('a vault is made, given a recovery wrap, rotated and kept with a passphrase as in the vectors', async () => {
  const { exportKey, recoveryExportKey, vaultKey, passphrase, salt, nonces, first, withRecovery, rotated, local } = vectors.vault;
  const made = createVault({ accountId, roots: rootsOf(first.roots) }, exportKey, inOrder(vaultKey, nonces.content, nonces.login));
  expect(made).toEqual(readVectorOctets(first.octets));
  const recoverable = replaceRecoveryWrap(made, accountId, new Redacted(vaultKey), recoveryExportKey, inOrder(nonces.recovery));
  expect(recoverable).toEqual(readVectorOctets(withRecovery.octets));
  const next = resealVault(recoverable, accountId, new Redacted(vaultKey), { roots: ROOTS, serial: 2 }, inOrder(nonces.contentAfterRotation));
  expect(next).toEqual(readVectorOctets(rotated.octets));
  expect(await addPassphraseWrap(next, accountId, { exportKey }, new Redacted(passphrase), inOrder(salt, nonces.passphrase))).toEqual(readVectorOctets(local.octets));
});

test('each wrap of a vault opens it, and only its own', async () => {
  const { exportKey, recoveryExportKey, vaultKey, passphrase, first, withRecovery, rotated, local } = vectors.vault;
  const accesses: [KeptVault, VaultAccess][] = [
    [first, { exportKey }], [withRecovery, { recoveryExportKey }], [rotated, { exportKey }], [rotated, { recoveryExportKey }], [rotated, { vaultKey: new Redacted(vaultKey) }],
    [local, { passphrase: new Redacted(passphrase) }],
  ];
  for (const [{ octets, roots, serial }, access] of accesses) {
    const opened = await openVault(readVectorOctets(octets), accountId, access);
    expect(opened).toMatchObject({ ok: true, roots: rootsOf(roots), serial });
  }
  expect(await openVault(readVectorOctets(first.octets), accountId, { recoveryExportKey })).toEqual({ ok: false });
  expect(await openVault(readVectorOctets(rotated.octets), accountId, { exportKey: recoveryExportKey })).toEqual({ ok: false });
});

test.each(byName(vectors.vault.refused))('does not open: %s', async (_name, { octets, accountId: ofAccount }) => {
  expect(await openVault(readVectorOctets(octets), ofAccount, { exportKey: vectors.vault.exportKey })).toEqual({ ok: false });
});

test('the digest of a statement is the exclusive or of the shares of the vectors', () => {
  const { written, digest } = vectors.statement;
  const ledger = new WriteLedger({} as never, keys);
  const shares = written.map(({ documentId, replicaUid, counter, share }) => {
    expect(new Uint8Array(ledger.shareOf(parseReplicaUid(replicaUid), documentId, `${replicaUid}:${counter}` as Revision))).toEqual(share);
    return share;
  });
  expect(shares.reduce(exclusiveOr)).toEqual(digest);
  expect(vectors.documents.map(({ value }) => value.content)).toContainEqual(expect.objectContaining({ writes: digest }));
});

test('recovery codes are made, read as people type them, and checked by group', () => {
  const { codes, typed, refused } = vectors.recoveryCode;
  for (const { random, code, secret } of codes) {
    const made = createRecoveryCode(inOrder(random));
    expect([formatRecoveryCode(made), recoverySecret(made).reveal()]).toEqual([code, secret]);
  }
  for (const { typed: text, secret } of typed) {
    const parsed = parseRecoveryCode(text);
    expect(parsed.ok && recoverySecret(parsed.code).reveal()).toBe(secret);
  }
  for (const { typed: text, group } of refused) expect(parseRecoveryCode(text)).toEqual({ ok: false, group });
});

test('a change of a credential is proven as in the vectors', () => {
  for (const { sessionKey, change, proof } of vectors.credentialChangeProofs) expect(credentialChangeProof(sessionKey, change)).toBe(proof);
});
