import { expect, test } from '@jest/globals';
import type { MailboxId } from '../jmap/types.js';
import { searchFilter } from './search-query.js';

test('search words and operators become conditions; trash and junk are left out', () => {
  expect(searchFilter('from:ana subject:"two words" is:unread has:attachment after:2026-01-02 plain odd:thing', ['trash' as MailboxId])).toEqual({ operator: 'AND', conditions: [
    { inMailboxOtherThan: ['trash'] }, { from: 'ana' }, { subject: 'two words' }, { notKeyword: '$seen' }, { hasAttachment: true },
    { after: '2026-01-02T00:00:00.000Z' }, { text: 'plain' }, { text: 'odd:thing' },
  ] });
});
