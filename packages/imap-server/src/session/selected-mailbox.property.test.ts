import { expect } from '@jest/globals';
import { parseAccountId, parseMailAddress, type MailboxId } from '@paloma/shared-model';
import { createMemoryMailStore } from '@paloma/mail-store/memory';
import type { MailboxView, MailStore } from '@paloma/mail-store/port';
import { fc, manualClock, property, seededRandom } from '@paloma/test-kit';
import { SelectedMailbox } from './selected-mailbox.js';

const INBOX = 'inbox' as MailboxId;

function newStore(): MailStore {
  return createMemoryMailStore({
    accountId: parseAccountId('a'.repeat(22)), address: parseMailAddress('a@example.org'), clock: manualClock(), random: seededRandom(1),
  });
}

async function viewOf(store: MailStore): Promise<MailboxView> {
  return (await store.openView(INBOX))!;
}

/** A client that knows only what it is told: UIDs by sequence number, and flags. */
class Client {
  readonly messages: { uid: number; keywords: string }[] = [];

  constructor(private readonly mailbox: SelectedMailbox) {
    this.#learnUpTo(mailbox.count);
  }

  hear({ withExpunges }: { withExpunges: boolean }): void {
    const { changed, expunged, exists } = this.mailbox.takeAnnouncements({ withExpunges });
    for (const { sequenceNumber, entry } of changed) this.messages[sequenceNumber - 1]!.keywords = entry.keywords.join(' ');
    for (const { sequenceNumber, uid } of expunged) expect(this.messages.splice(sequenceNumber - 1, 1)).toMatchObject([{ uid }]);
    if (exists !== null) this.#learnUpTo(exists);
    expect(this.messages.map(({ uid }) => uid)).toEqual(this.mailbox.entries.map(({ uid }) => uid));
  }

  /** As a client does after EXISTS: it fetches UIDs and flags of the new messages. */
  #learnUpTo(count: number): void {
    for (const { uid, keywords } of this.mailbox.entries.slice(this.messages.length, count)) this.messages.push({ uid, keywords: keywords.join(' ') });
  }
}

type Step = { kind: 'append' | 'refresh' | 'tell' | 'tellAll' } | { kind: 'flag' | 'expunge'; place: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom('append' as const, 'refresh' as const, 'tell' as const, 'tellAll' as const).map((kind) => ({ kind })),
  fc.record({ kind: fc.constantFrom('flag' as const, 'expunge' as const), place: fc.oneof(fc.nat(20), fc.constant(-1)) }), // -1: the newest
);

async function change(store: MailStore, { kind, place }: { kind: 'flag' | 'expunge'; place: number }): Promise<void> {
  const { entries } = await viewOf(store);
  const entry = entries.at(place % Math.max(entries.length, 1));
  if (!entry) return;
  const isSet = entry.keywords.includes('$flagged');
  const update = kind === 'expunge' ? { removeMailboxIds: [INBOX] } : isSet ? { removeKeywords: ['$flagged'] } : { addKeywords: ['$flagged'] };
  await store.updateEmails([{ emailId: entry.emailId, ...update }]);
}

property('whatever others do, and whenever it is told, the client ends with what the store has', fc.tuple(fc.nat(5), fc.array(step, { maxLength: 40, size: 'max' }), fc.boolean()), async ([initial, steps, forgets]) => {
  const store = newStore();
  const append = (): Promise<unknown> => store.append({ octets: Buffer.from('x'), mailboxIds: [INBOX] });
  for (let count = 0; count < initial; count++) await append();
  if (forgets) store.viewChangesSince = async () => null; // a store that does not remember
  const mailbox = new SelectedMailbox(store, await viewOf(store), false);
  store.subscribe(() => { mailbox.isStale = true; });
  const client = new Client(mailbox);
  for (const taken of [...steps, { kind: 'tellAll' } as const]) {
    if (taken.kind === 'append') await append();
    else if (taken.kind === 'flag' || taken.kind === 'expunge') await change(store, taken);
    else await mailbox.refresh();
    if (taken.kind === 'tell') client.hear({ withExpunges: false });
    if (taken.kind === 'tellAll') client.hear({ withExpunges: true });
  }
  const { entries } = await viewOf(store);
  expect(client.messages).toEqual(entries.map(({ uid, keywords }) => ({ uid, keywords: keywords.join(' ') })));
});
