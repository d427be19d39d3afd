import { expect, test } from '@jest/globals';
import type { EmailId } from '@paloma/shared-model';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import { readerOf } from '../test/reader-of.js';
import { readFetchItems } from '../wire/fetch-item.js';
import { batchesOf, needsOf } from './fetch-needs.js';

const needs = (items: string) => needsOf(readFetchItems(readerOf(items)));

test.each<[string, Partial<ReturnType<typeof needsOf>>]>([
  ['(FLAGS UID INTERNALDATE RFC822.SIZE MODSEQ SAVEDATE)', { description: null, octets: 'none', record: false }],
  ['(FLAGS ENVELOPE)', { description: { envelope: true, bodyStructure: false, listFields: false }, octets: 'none', record: false }],
  ['(BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Subject FROM)])', { description: { envelope: false, bodyStructure: true, listFields: true }, octets: 'none', record: false }],
  ['BODY.PEEK[HEADER.FIELDS (Subject Received)]', { description: null, octets: 'header', record: false }],
  ['BODY.PEEK[HEADER.FIELDS.NOT (Subject)]', { description: null, octets: 'header', record: false }],
  ['(BODY.PEEK[HEADER.FIELDS (Subject)] BODY.PEEK[HEADER])', { description: null, octets: 'header', record: false }],
  ['(RFC822.HEADER BODY[TEXT]<0.10>)', { description: null, octets: 'message', record: false }],
  ['(ENVELOPE BODY.PEEK[] BODY.PEEK[1])', { description: { envelope: true, bodyStructure: false, listFields: false }, octets: 'none', record: true }],
  ['PREVIEW', { description: null, octets: 'none', record: true }],
])('%s is answered out of no more than it takes', (items, expected) => expect(needs(items)).toMatchObject(expected));

const message = (sizeBytes: number, index: number): NumberedEntry => ({
  sequenceNumber: index + 1,
  entry: { uid: index + 1, emailId: 'E' as EmailId, emailKey: index + 1, messageKey: index + 1, keywords: [], isDeleted: false, modSeq: 1, sizeBytes, receivedAtMs: 0, addedAtMs: 0 },
});

test.each<[string, number[], number[]]>([
  ['FLAGS', Array.from({ length: 2500 }, () => 1_000_000), [1000, 1000, 500]],
  ['ENVELOPE', Array.from({ length: 450 }, () => 1_000_000), [200, 200, 50]],
  ['BODY.PEEK[]', [400_000, 400_000, 400_000, 5_000_000, 10, 10], [2, 1, 1, 2]],
  ['BODY.PEEK[HEADER]', Array.from({ length: 40 }, () => 5_000_000), [16, 16, 8]],
  ['BODY.PEEK[1]', Array.from({ length: 60 }, () => 5_000_000), [50, 10]],
  ['FLAGS', [], []],
])('what %s holds at once has bounds', (items, sizes, expected) => {
  expect([...batchesOf(sizes.map(message), needs(items))].map((batch) => batch.length)).toEqual(expected);
});
