import { expect } from '@jest/globals';
import { parseAccountId, parseMailAddress, type MailboxId } from '@paloma/shared-model';
import { createMemoryMailStore } from '@paloma/mail-store/memory';
import type { MailStore } from '@paloma/mail-store/port';
import { fc, manualClock, property, seededRandom } from '@paloma/test-kit';
import { SelectedMailbox } from '../session/selected-mailbox.js';
import { numbersTold } from './found-messages.js';
import { runQuery, SearchContext, type SearchQuery } from './search-context.js';

const INBOX = 'inbox' as MailboxId;

type Step = { kind: 'append'; size: number } | { kind: 'flag' | 'expunge'; place: number } | { kind: 'tell'; withExpunges: boolean };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), size: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constantFrom('flag' as const, 'expunge' as const), place: fc.nat(20) }),
  fc.record({ kind: fc.constant('tell' as const), withExpunges: fc.boolean() }),
);
const query: fc.Arbitrary<SearchQuery> = fc.record({
  key: fc.constantFrom<SearchQuery['key']>({ key: 'all' }, { key: 'keyword', keyword: '$flagged' }, { key: 'not', operand: { key: 'keyword', keyword: '$flagged' } }),
  criteria: fc.constantFrom(null, [{ key: 'SIZE' as const, isReverse: false }], [{ key: 'SIZE' as const, isReverse: true }]),
});

async function take(store: MailStore, taken: Exclude<Step, { kind: 'tell' }>): Promise<void> {
  if (taken.kind === 'append') return void (await store.append({ octets: Buffer.alloc(taken.size, 'x'), mailboxIds: [INBOX] }));
  const { entries } = (await store.openView(INBOX))!;
  const entry = entries[taken.place % Math.max(1, entries.length)];
  if (!entry) return;
  const isSet = entry.keywords.includes('$flagged');
  const flag = isSet ? { removeKeywords: ['$flagged'] } : { addKeywords: ['$flagged'] };
  await store.updateEmails([{ emailId: entry.emailId, ...(taken.kind === 'flag' ? flag : { removeMailboxIds: [INBOX] }) }]);
}

/** Does to a list what an ADDTO or REMOVEFROM says, pair by pair. */
function apply(list: number[], line: string | null): void {
  const [, word, pairs] = /(ADDTO|REMOVEFROM) \((.*)\)$/.exec(line ?? '') ?? [];
  const numbers = pairs?.split(' ').map(Number) ?? [];
  for (let index = 0; index < numbers.length; index += 2) {
    const [place, uid] = [numbers[index]!, numbers[index + 1]!];
    if (word === 'ADDTO') list.splice(place === 0 ? list.length : place - 1, 0, uid);
    else if (place === 0) list.splice(list.indexOf(uid), 1);
    else expect(list.splice(place - 1, 1)).toEqual([uid]);
  }
}

property('whoever does what the updates say has the result of a new search', fc.tuple(query, fc.array(step, { maxLength: 40 })), async ([asked, steps]) => {
  const clock = manualClock();
  const store = createMemoryMailStore({ accountId: parseAccountId('a'.repeat(22)), address: parseMailAddress('a@example.org'), clock, random: seededRandom(1) });
  for (const size of [3, 1, 2]) await take(store, { kind: 'append', size });
  const mailbox = new SelectedMailbox(store, (await store.openView(INBOX))!, false);
  store.subscribe(() => { mailbox.isStale = true; });
  const sources = { mailbox, store, clock };
  const found = await runQuery(asked, sources);
  const context = new SearchContext('t', asked, true, { found, items: [] });
  const list = Array.from(numbersTold(found, true));
  for (const taken of [...steps, { kind: 'tell', withExpunges: true } as const]) {
    if (taken.kind !== 'tell') await take(store, taken);
    else {
      await mailbox.refresh();
      const { removed, added } = await context.update(sources);
      apply(list, removed);
      mailbox.takeAnnouncements(taken);
      apply(list, added().line);
      const now = Array.from(numbersTold(await runQuery(asked, sources), true));
      expect(asked.criteria ? list : [...list].sort((a, b) => a - b)).toEqual(now);
    }
  }
});
