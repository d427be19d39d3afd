// Random use of a mail store, in words that mean the same to any store: emails and mailboxes are known by the order in
// which they were made. So two stores can be led through the same steps and asked the same questions.

import { expect } from '@jest/globals';
import { fc } from '@paloma/test-kit';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import { messageOctets, type ExampleMessage } from '../contract/example-message.js';
import type { EmailFilter, EmailSort, MailStore, OrderProperty, QueryWindow, ThreadFacts } from '../port/index.js';
import { without } from './without.js';

export type Step =
  | { act: 'append'; message: ExampleMessage; mailboxes: number[]; keywords: string[] }
  | { act: 'update'; emails: number[]; add: string[]; remove: string[]; into: number[]; outOf: number[]; deleted: [mailbox: number, isDeleted: boolean] | null }
  | { act: 'copy'; emails: number[]; mailbox: number }
  | { act: 'destroy'; emails: number[] }
  | { act: 'createMailbox'; name: string }
  | { act: 'renameMailbox'; mailbox: number; name: string }
  | { act: 'destroyMailbox'; mailbox: number; removeEmails: boolean }
  | { act: 'mark' };

const REFERENCES = ['a', 'b', 'c', 'd', 'e'];
const KEYWORDS = ['$seen', '$draft', '$flagged', 'x'];
const SUBJECTS = ['Roses', 'Re: Roses', 'Tulips', 'AW: Grüße', ''];
const DATES = ['Thu, 1 Jan 2026 10:00:00 +0000', 'Thu, 1 Jan 2026 10:00:00 +0200', 'yesterday'];
const NAMES = ['Ana <ana@example.org>', '=?utf-8?q?=C3=84nne?= <z@example.org>', 'ANA@example.net', 'friends: bea@example.org;'];
const WORDS = ['quick', 'brown', 'fox', 'Grüße', '"50%"'];

const index = fc.nat({ max: 11 });
const indexes = fc.uniqueArray(index, { maxLength: 3 });
const keywords = fc.uniqueArray(fc.constantFrom(...KEYWORDS), { maxLength: 2 });
const name = fc.constantFrom('A', 'A/B', 'A/B/C', 'D', 'D/E', 'Sent', 'inbox/x', 'bad//name');

const message: fc.Arbitrary<ExampleMessage> = fc.record({
  messageId: fc.constantFrom(...REFERENCES),
  references: fc.constantFrom(...REFERENCES),
  subject: fc.constantFrom(...SUBJECTS),
  from: fc.constantFrom('Ana <ana@example.org>', 'Bea <bea@example.org>'),
  to: fc.constantFrom(...NAMES),
  cc: fc.constantFrom(...NAMES),
  date: fc.constantFrom(...DATES),
  body: fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((words) => `${words.join(' ')}\r\n`),
}, { requiredKeys: ['from', 'body'] });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('append' as const), message, mailboxes: indexes, keywords }) },
  { weight: 5, arbitrary: fc.record({
    act: fc.constant('update' as const), emails: indexes, add: keywords, remove: keywords, into: indexes, outOf: indexes,
    deleted: fc.option(fc.tuple(index, fc.boolean())),
  }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('copy' as const), emails: indexes, mailbox: index }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('destroy' as const), emails: indexes }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('createMailbox' as const), name }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('renameMailbox' as const), mailbox: index, name }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('destroyMailbox' as const), mailbox: index, removeEmails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('mark' as const) }) },
);
export const anySteps = fc.array(step, { minLength: 1, maxLength: 30 });

const WHOLE: QueryWindow = { position: 0, limit: null, collapseThreads: false, calculateTotal: true };
const FILTERS: readonly EmailFilter[] = [
  { body: 'brown fox' }, { text: 'grüße' }, { text: 'ü' }, { subject: 'roses' }, { body: '"50' }, { from: 'ana@' }, { hasKeyword: 'x' }, { header: ['references', 'a'] },
  { allInThreadHaveKeyword: '$seen' }, { someInThreadHaveKeyword: 'x' }, { operator: 'NOT', conditions: [{ inMailbox: 'inbox' as MailboxId }, { text: 'fox' }] },
];
const SORTS: readonly EmailSort[] = [{ property: 'subject', isAscending: true }, { property: 'from', isAscending: false }, { property: 'hasKeyword', isAscending: true, keyword: 'x' }];
const ORDERS: readonly OrderProperty[] = ['sent', 'subject', 'from', 'to', 'cc', 'displayFrom', 'displayTo'];

/** One store on its way through the steps. */
export class Walk {
  readonly #emailIds: EmailId[] = [];
  readonly #mailboxIds: MailboxId[] = ['inbox', 'sent', 'trash'] as MailboxId[];
  #marks: { modSeqs: Map<MailboxId, number>; states: Record<'Email' | 'Mailbox', string> } | null = null;
  #appended = 0;

  constructor(private store: MailStore) {}

  /** Goes on with the same mail in another store object. */
  continueIn(store: MailStore): void {
    this.store = store;
    this.#marks = null;
  }

  /** Gives what the store answered, in words that do not depend on the store. */
  async take(step: Step): Promise<unknown> {
    switch (step.act) {
      case 'append': return this.#append(step);
      case 'update': return this.#update(step);
      case 'copy': return this.#copy(step);
      case 'destroy': return (await this.store.destroyEmails(this.#emails(step.emails))).map((emailId) => this.#emailName(emailId));
      case 'createMailbox': return this.#noteMailboxes(await this.store.createMailbox({ name: step.name }));
      case 'renameMailbox': return this.#noteMailboxes(await this.store.updateMailbox(this.#mailbox(step.mailbox), { name: step.name }));
      case 'destroyMailbox': return (await this.store.destroyMailbox(this.#mailbox(step.mailbox), step)).ok;
      case 'mark': return this.#mark();
    }
  }

  /** All there is to see. */
  async look(): Promise<unknown> {
    const mailboxes = await this.store.listMailboxes();
    const views = await Promise.all(mailboxes.map(({ mailboxId }) => this.store.openView(mailboxId)));
    return {
      mailboxes: mailboxes.map((mailbox) => ({ ...without(mailbox, 'uidValidity', 'highestModSeq'), mailboxId: this.#mailboxName(mailbox.mailboxId), parentId: mailbox.parentId && this.#mailboxName(mailbox.parentId) })),
      views: views.map((view) => view?.entries.map((entry) => ({ ...without(entry, 'modSeq', 'emailKey', 'messageKey'), emailId: this.#emailName(entry.emailId) }))),
      emails: (await this.store.getEmails(this.#emailIds)).map(({ emailId, mailboxIds, keywords: marks, preview, sizeBytes }) =>
        ({ email: this.#emailName(emailId), mailboxes: mailboxIds.map((mailboxId) => this.#mailboxName(mailboxId)).sort(), marks, preview, sizeBytes })),
      orders: await Promise.all(views.map((view) => this.#orders(view?.entries.map(({ messageKey }) => messageKey) ?? []))),
      threads: await this.#threads(),
      found: await Promise.all(FILTERS.map(async (filter) => this.#names((await this.store.query(filter, [], WHOLE)).emailIds).sort())),
      sorted: await Promise.all(SORTS.map((sort) => this.#sortedDates(sort))),
      changes: await this.#changes(),
    };
  }

  async #append({ message: fields, mailboxes, keywords: marks }: Step & { act: 'append' }): Promise<unknown> {
    this.#appended += 1;
    const mailboxIds = [...new Set(mailboxes.map((mailbox) => this.#mailbox(mailbox)))];
    const outcome = await this.store.append({ octets: messageOctets(fields), mailboxIds, keywords: marks, receivedAtMs: this.#appended * 1000 });
    if (!outcome.ok) return outcome.refusal;
    this.#emailIds.push(outcome.emailId);
    return this.#uids(outcome.uids);
  }

  async #update({ emails, add, remove, into, outOf, deleted }: Step & { act: 'update' }): Promise<unknown> {
    const outcomes = await this.store.updateEmails(this.#emails(emails).map((emailId) => ({
      emailId, addKeywords: add, removeKeywords: remove, addMailboxIds: into.map((mailbox) => this.#mailbox(mailbox)), removeMailboxIds: outOf.map((mailbox) => this.#mailbox(mailbox)),
      ...(deleted && { setDeleted: { mailboxId: this.#mailbox(deleted[0]), isDeleted: deleted[1] } }),
    })));
    return outcomes.map((outcome) => (outcome.ok ? this.#uids(outcome.addedUids) : outcome.refusal));
  }

  async #copy({ emails, mailbox }: Step & { act: 'copy' }): Promise<unknown> {
    const copies = await this.store.copyEmails(this.#emails(emails), this.#mailbox(mailbox));
    for (const copy of copies) if (copy) this.#emailIds.push(copy.emailId);
    return copies.map((copy) => copy?.uid ?? null);
  }

  async #mark(): Promise<void> {
    const mailboxes = await this.store.listMailboxes();
    this.#marks = {
      modSeqs: new Map(mailboxes.map(({ mailboxId, highestModSeq }) => [mailboxId, highestModSeq])),
      states: { Email: await this.store.state('Email'), Mailbox: await this.store.state('Mailbox') },
    };
  }

  async #noteMailboxes<Outcome extends { ok: boolean }>(outcome: Outcome): Promise<boolean | string> {
    for (const { mailboxId } of (await this.store.listMailboxes()).sort((a, b) => (a.name < b.name ? -1 : 1))) if (!this.#mailboxIds.includes(mailboxId)) this.#mailboxIds.push(mailboxId);
    return 'refusal' in outcome ? String(outcome.refusal) : outcome.ok;
  }

  /** What numbers say is which of them are equal, and which of the sorting ones comes first. */
  async #orders(messageKeys: readonly number[]): Promise<unknown> {
    const { ids: idCount, ...facts }: ThreadFacts = await this.store.threadFacts(messageKeys);
    expect(Math.max(0, ...facts.messageIds, ...facts.references)).toBeLessThan(idCount);
    const ids = renumbered([0, ...facts.messageIds, ...facts.references]);
    return {
      orders: await Promise.all(ORDERS.map(async (property) => ranked(await this.store.orderBy(property, messageKeys)))),
      facts: { ...facts, subjects: renumbered([0, ...facts.subjects]), messageIds: ids.slice(0, messageKeys.length + 1), references: ids.slice(messageKeys.length + 1) },
    };
  }

  async #threads(): Promise<string[]> {
    const emails = await this.store.getEmails(this.#emailIds);
    const threads = await this.store.getThreads(emails.map(({ threadId }) => threadId));
    return threads.map(({ emailIds }) => this.#names(emailIds).sort().join(' ')).sort();
  }

  /** Emails of one date are copies of each other, and which comes first is each store's own affair. */
  async #sortedDates(sort: EmailSort): Promise<number[]> {
    const { emailIds } = await this.store.query(null, [sort], WHOLE);
    return (await this.store.getEmails(emailIds)).map(({ receivedAtMs }) => receivedAtMs);
  }

  async #changes(): Promise<unknown> {
    if (!this.#marks) return null;
    const { modSeqs, states } = this.#marks;
    const views = await Promise.all([...modSeqs].map(async ([mailboxId, modSeq]) => {
      const changes = await this.store.viewChangesSince(mailboxId, modSeq);
      return changes && [this.#mailboxName(mailboxId), changes.changed.map(({ uid }) => uid), changes.vanished];
    }));
    const [emails, mailboxes] = [await this.store.changesSince('Email', states.Email, 1000), await this.store.changesSince('Mailbox', states.Mailbox, 1000)];
    return {
      views,
      emails: [emails?.created, emails?.updated, emails?.destroyed].map((ids) => this.#names(ids as EmailId[]).sort()),
      mailboxes: [mailboxes?.created, mailboxes?.updated, mailboxes?.destroyed].map((ids) => (ids as MailboxId[]).map((id) => this.#mailboxName(id)).sort()),
    };
  }

  #uids(uids: ReadonlyMap<MailboxId, number>): unknown {
    return [...uids].map(([mailboxId, uid]) => [this.#mailboxName(mailboxId), uid]).sort();
  }

  #emails(wanted: readonly number[]): EmailId[] {
    return wanted.flatMap((at) => this.#emailIds[at] ?? []);
  }

  #mailbox(at: number): MailboxId {
    return this.#mailboxIds[at % this.#mailboxIds.length]!;
  }

  #names(emailIds: readonly EmailId[]): string[] {
    return emailIds.map((emailId) => this.#emailName(emailId));
  }

  #emailName(emailId: EmailId): string {
    return `email ${this.#emailIds.indexOf(emailId)}`;
  }

  #mailboxName(mailboxId: MailboxId): string {
    const at = this.#mailboxIds.indexOf(mailboxId);
    return at < 0 ? mailboxId : `mailbox ${at}`;
  }
}

/** Each number as its place among all that there are. */
function ranked(numbers: Float64Array): number[] {
  const places = [...new Set(numbers)].sort((a, b) => a - b);
  return [...numbers].map((number) => places.indexOf(number));
}

/** Each number as the place where it first stands. */
function renumbered(numbers: readonly number[]): number[] {
  return numbers.map((number) => numbers.indexOf(number));
}
