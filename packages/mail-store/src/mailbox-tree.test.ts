import { expect, test } from '@jest/globals';
import type { MailboxDocument } from '@paloma/shared-model';
import { MailboxTree } from './mailbox-tree.js';

const mailbox = (mailboxId: string, name: string, createdAtMs: number): MailboxDocument => ({ mailboxId, name, role: null, isSubscribed: false, sortOrder: 0, createdAtMs });

test('mailboxes of one name are numbered by age, whatever the order they are read in', () => {
  const documents = [mailbox('c', 'Garden', 3), mailbox('a', 'Garden', 1), mailbox('b', 'Garden', 2), mailbox('d', 'Garden (2)', 4)];
  const names = (list: readonly MailboxDocument[]) => Object.fromEntries(new MailboxTree(list).list().map(({ mailboxId, name }) => [mailboxId, name]));
  expect(names(documents)).toEqual({ a: 'Garden', b: 'Garden (2)', c: 'Garden (3)', d: 'Garden (2) (2)' });
  expect(names(documents.toReversed())).toEqual(names(documents));
});

test('a child belongs to the older of two parents', () => {
  const tree = new MailboxTree([mailbox('new', 'Garden', 2), mailbox('old', 'Garden', 1), mailbox('child', 'Garden/Roses', 3)]);
  expect(tree.parentIdOf(tree.get('child')!)).toBe('old');
});

test('parents that nobody made are named, outermost first', () => {
  expect(new MailboxTree([mailbox('a', 'A/B/C', 1), mailbox('b', 'A/D', 2)]).missingParents()).toEqual(['A', 'A/B']);
});
