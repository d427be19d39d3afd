import { expect, test } from '@jest/globals';
import { DOCUMENT_CLASSES, MAX_SEALED_DOCUMENT_BYTES, type AccountId, type OpaqueDocumentId, type Revision } from '@paloma/shared-model';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { openDocument, sealDocument, type DocumentBinding } from './seal-document.js';
import { StorageKeys } from './storage-keys.js';

const random = seededRandom('seal-document');
const roots = new Map([[1, random.bytes(32)], [2, random.bytes(32)]]);
const binding: DocumentBinding = {
  keys: new StorageKeys(roots), accountId: 'A'.repeat(22) as AccountId, opaqueId: 'D'.repeat(32) as OpaqueDocumentId,
  revision: `${'R'.repeat(22)}:1` as Revision, operation: 'put', documentClass: DOCUMENT_CLASSES.content,
};
const plaintexts = fc.uint8Array({ maxLength: 600 });

property('a sealed document opens to its plaintext', plaintexts, (plaintext) => {
  expect(openDocument({ ...binding, ...sealDocument({ ...binding, plaintext }, random) })).toEqual({ ok: true, plaintext });
});

property('a document with any one bit flipped does not open', fc.tuple(plaintexts, fc.nat()), ([plaintext, position]) => {
  const { epoch, sealed } = sealDocument({ ...binding, plaintext }, random);
  const bit = position % (sealed.length * 8);
  sealed[bit >> 3]! ^= 1 << (bit & 7);
  expect(openDocument({ ...binding, epoch, sealed })).toEqual({ ok: false });
});

property('a document cut anywhere does not open', fc.tuple(plaintexts, fc.nat()), ([plaintext, cut]) => {
  const { epoch, sealed } = sealDocument({ ...binding, plaintext }, random);
  expect(openDocument({ ...binding, epoch, sealed: sealed.subarray(0, cut % sealed.length) })).toEqual({ ok: false });
});

test.each<[string, Partial<DocumentBinding> & { epoch?: number }]>([
  ['account', { accountId: 'B'.repeat(22) as AccountId }],
  ['document', { opaqueId: 'E'.repeat(32) as OpaqueDocumentId }],
  ['revision', { revision: `${'R'.repeat(22)}:2` as Revision }],
  ['operation', { operation: 'delete' }],
  ['class', { documentClass: DOCUMENT_CLASSES.summary }],
  ['epoch', { epoch: 1 }],
  ['epoch without a root', { epoch: 3 }],
  ['root', { keys: new StorageKeys(new Map([...roots, [2, new Uint8Array(32)]])) }],
])('a document does not open as one of another %s', (_what, change) => {
  const { epoch, sealed } = sealDocument({ ...binding, plaintext: Buffer.from('content') }, random);
  expect(openDocument({ ...binding, epoch, sealed }).ok).toBe(true);
  expect(openDocument({ ...binding, epoch, sealed, ...change })).toEqual({ ok: false });
});

test('documents sealed before a rotation still open, new ones use the new root', () => {
  const before = sealDocument({ ...binding, keys: new StorageKeys(new Map([[1, roots.get(1)!]])), plaintext: Buffer.from('old') }, random);
  expect(before.epoch).toBe(1);
  expect(openDocument({ ...binding, ...before }).ok).toBe(true);
  expect(sealDocument({ ...binding, plaintext: Buffer.from('new') }, random).epoch).toBe(2);
});

test('sizes within one Padmé bucket cannot be told apart', () => {
  const sizeOf = (length: number): number => sealDocument({ ...binding, plaintext: new Uint8Array(length) }, random).sealed.length;
  expect(sizeOf(1000)).toBe(sizeOf(1020));
  expect(sizeOf(1000)).not.toBe(sizeOf(1021));
});

test('a document over the limit is refused at sealing', () => {
  expect(() => sealDocument({ ...binding, plaintext: new Uint8Array(MAX_SEALED_DOCUMENT_BYTES) }, random)).toThrow(expect.objectContaining({ code: 'tooBig' }));
});
