import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_REVISION_REPLICAS } from './limits.js';
import { NO_REVISION, compareRevisions, incrementRevision, mergeRevisions, parseRevision, type Revision } from './revision.js';
import { ModelError } from './errors/model-error.js';
import { parseReplicaUid, type ReplicaUid } from './ids.js';

const uid = (letter: string): ReplicaUid => parseReplicaUid(letter.repeat(22));
const [A, B] = [uid('a'), uid('b')];

const revisions = fc.array(fc.constantFrom(...'abcd'), { maxLength: 12 })
  .map((edits) => edits.reduce<Revision>((revision, letter) => incrementRevision(revision, uid(letter)), NO_REVISION));

const law = (check: (a: Revision, b: Revision, c: Revision) => void): void => fc.assert(fc.property(revisions, revisions, revisions, check));

test.each([
  ['nothing is older than something', '', `${A}:1`, 'older'],
  ['the same text is the same', `${A}:1|${B}:2`, `${A}:1|${B}:2`, 'same'],
  ['one more edit is newer', `${A}:2`, `${A}:1`, 'newer'],
  ['a further replica is newer', `${A}:1|${B}:1`, `${A}:1`, 'newer'],
  ['two replicas that did not know of each other are concurrent', `${A}:1`, `${B}:1`, 'concurrent'],
  ['each ahead in one counter is concurrent', `${A}:2|${B}:1`, `${A}:1|${B}:2`, 'concurrent'],
])('%s', (_name, left, right, order) => {
  expect(compareRevisions(left as Revision, right as Revision)).toBe(order);
});

test.each([
  ['not sorted', `${B}:1|${A}:1`],
  ['a counter of zero', `${A}:0`],
  ['a counter that is no number', `${A}:x`],
  ['leading zeros', `${A}:01`],
  ['the same replica twice', `${A}:1|${A}:2`],
  ['no counter', A],
  ['a short uid', 'abc:1'],
  ['a trailing bar', `${A}:1|`],
])('refused: %s', (_name, text) => {
  expect(() => parseRevision(text)).toThrow(ModelError);
});

test('64 replicas are nothing special; more than the limit is refused', () => {
  const uids = Array.from({ length: MAX_REVISION_REPLICAS + 1 }, (_, index) => parseReplicaUid(String(index).padStart(22, '0')));
  const ofFirst = (count: number): Revision => uids.slice(0, count).reduce(incrementRevision, NO_REVISION);
  expect(parseRevision(ofFirst(64))).toBe(ofFirst(64));
  expect(parseRevision(ofFirst(MAX_REVISION_REPLICAS))).toHaveLength(MAX_REVISION_REPLICAS * 25 - 1);
  expect(() => parseRevision(ofFirst(MAX_REVISION_REPLICAS + 1))).toThrow('canonical');
});

test('every revision that edits can make is in canonical form', () => law((a) => expect(parseRevision(a)).toBe(a)));

test('an edit makes a newer revision', () => law((a) => expect(compareRevisions(incrementRevision(a, A), a)).toBe('newer')));

test('comparing the other way round gives the opposite', () => law((a, b) => {
  const opposite = { same: 'same', newer: 'older', older: 'newer', concurrent: 'concurrent' } as const;
  expect(compareRevisions(b, a)).toBe(opposite[compareRevisions(a, b)]);
}));

test('a merge descends from both, whoever merges, in any order', () => law((a, b, c) => {
  const merged = mergeRevisions(a, b);
  expect(['same', 'newer']).toContain(compareRevisions(merged, a));
  expect(mergeRevisions(b, a)).toBe(merged);
  expect(mergeRevisions(mergeRevisions(a, b), c)).toBe(mergeRevisions(a, mergeRevisions(b, c)));
  expect(mergeRevisions(a, a)).toBe(a);
}));
