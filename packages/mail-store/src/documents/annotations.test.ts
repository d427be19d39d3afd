import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { mergeAnnotationsDocuments, type AnnotationsDocument } from '@paloma/shared-model';

const mark = fc.record({ value: fc.option(fc.uint8Array({ maxLength: 2 })), changedAtMs: fc.nat(2) });
const document = fc.dictionary(fc.constantFrom('/shared/comment', '/private/a', '__proto__'), mark).map((entries): AnnotationsDocument => ({ mailboxId: 'inbox', entries: { ...entries } }));

property('a merge of notes is the same in any order, and once is enough', fc.tuple(document, document, document), ([a, b, c]) => {
  const merge = mergeAnnotationsDocuments;
  expect(merge(a, b)).toEqual(merge(b, a));
  expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
  expect(merge(merge(a, b), b)).toEqual(merge(a, b));
});

test('the later change counts, also when it takes the note away', () => {
  const at = (changedAtMs: number, value: Uint8Array | null): AnnotationsDocument => ({ mailboxId: null, entries: { '/shared/comment': { value, changedAtMs } } });
  expect(mergeAnnotationsDocuments(at(1, new Uint8Array([1])), at(2, null)).entries['/shared/comment']?.value).toBeNull();
  expect(mergeAnnotationsDocuments(at(2, null), at(2, new Uint8Array([1]))).entries['/shared/comment']?.value).toEqual(new Uint8Array([1]));
});
