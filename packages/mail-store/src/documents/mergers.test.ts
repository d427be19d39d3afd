import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import type { MailboxDocument } from '@paloma/shared-model';
import { mergeMailboxDocuments } from './mergers.js';

const anyMailbox = fc.record({
  mailboxId: fc.constant('inbox'), name: fc.constantFrom('INBOX', 'Posteingang', 'Réception', '😀', '\uffee'), role: fc.constant('inbox' as const),
  isSubscribed: fc.boolean(), sortOrder: fc.nat({ max: 9 }), createdAtMs: fc.nat({ max: 9 }),
});
const junk: MailboxDocument = { mailboxId: 'junk', name: 'Junk', role: 'junk', isSubscribed: true, sortOrder: 5, createdAtMs: 0 };

describe('merging mailboxes', () => {
  property('gives the same on every device', fc.tuple(anyMailbox, anyMailbox, anyMailbox), ([a, b, c]) => {
    expect(mergeMailboxDocuments(a, b)).toEqual(mergeMailboxDocuments(b, a));
    expect(mergeMailboxDocuments(mergeMailboxDocuments(a, b), c)).toEqual(mergeMailboxDocuments(a, mergeMailboxDocuments(b, c)));
    expect(mergeMailboxDocuments(a, a)).toEqual(a);
  });

  test('a name that someone chose wins over the one it was made with', () => {
    expect(mergeMailboxDocuments(junk, { ...junk, name: 'Altpapier' }).name).toBe('Altpapier');
  });
});
