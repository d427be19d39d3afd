// A complete mail store in memory: the twin of the document store for tests of the servers, and its judge. Nothing is
// kept when it is let go.

import { createHash, randomBytes } from 'node:crypto';
import { concatOctets, formatImapBodyStructure, formatImapEnvelope, imapBodyStructure, imapEnvelope, LIST_FIELDS, selectFields } from '@paloma/mail-format';
import {
  MAX_MESSAGE_BYTES, NOT_PROTECTED, parseEmailId, parseMessageId,
  type AccountId, type Clock, type EmailId, type MailAddress, type MailboxId, type RandomSource, type ThreadId,
} from '@paloma/shared-model';
import { canonicalKeywords, MAX_KEYWORDS } from '../keywords.js';
import type {
  Annotation, AnnotationChange, AnnotationOutcome, AnnotationOwner, AppendAllOutcome, AppendedEmail, AppendInput, AppendOutcome, AppendRefusal, ChangeList, CopiedEmail, DescriptionParts, EmailFilter, EmailRecord, EmailSort, EmailUpdate, EmailUpdateOutcome, ImapDescription, Mailbox, MailboxInput,
  MailboxOutcome, MailboxPatch, MailboxView, MailboxViewChanges, MailChange, MailStore, MessageAtHand, OrderProperty, QueryResult, QueryWindow, ReplacedEmail, StateName, ThreadFacts, ViewEntry,
} from '../port/index.js';
import { refusalOfAnnotations } from '../annotation-limits.js';
import { compareText } from '../folded-text.js';
import { onlyOutcome } from '../only-outcome.js';
import { cutWindow } from '../query-window.js';
import { readMessage } from '../read-message.js';
import { ROLE_MAILBOXES } from '../role-mailboxes.js';
import { MemoryAccount, type MemoryEmail, type MemoryMailbox, type MemoryMessage } from './memory-account.js';
import { orderBy, threadFacts } from './memory-message-order.js';
import { MemoryMailboxes } from './memory-mailboxes.js';
import { matchesFilter, sortEmails, sortedEmail } from './memory-query.js';
import { updateEmail } from './memory-update.js';

export interface MemoryMailStoreOptions {
  accountId: AccountId;
  address: MailAddress;
  clock: Clock;
  /** Source of ids and UIDVALIDITY; the system's when absent. */
  random?: RandomSource;
}

/** An empty account with its role mailboxes (INBOX, Drafts, Sent, Archive, Junk, Trash). */
export function createMemoryMailStore({ accountId, address, clock, random = { bytes: randomBytes } }: MemoryMailStoreOptions): MailStore {
  return new MemoryMailStore(accountId, address, clock, new MemoryAccount(random));
}

class MemoryMailStore implements MailStore {
  readonly #mailboxes: MemoryMailboxes;

  constructor(readonly accountId: AccountId, readonly address: MailAddress, private readonly clock: Clock, private readonly account: MemoryAccount) {
    this.#mailboxes = new MemoryMailboxes(account, clock);
    for (const document of ROLE_MAILBOXES) account.addMailbox(document);
    account.commit();
  }

  async state(name: StateName): Promise<string> {
    return this.account.log.state(name);
  }

  async changesSince(name: StateName, sinceState: string, maxChanges: number): Promise<ChangeList | null> {
    return this.account.log.changesSince(name, sinceState, maxChanges);
  }

  subscribe(listener: (change: MailChange) => void): () => void {
    return this.account.subscribe(listener);
  }

  async listMailboxes(): Promise<Mailbox[]> {
    return this.#mailboxes.list();
  }

  async createMailbox(input: MailboxInput): Promise<MailboxOutcome> {
    return this.#committed(this.#mailboxes.create(input));
  }

  async updateMailbox(mailboxId: MailboxId, patch: MailboxPatch): Promise<MailboxOutcome> {
    return this.#committed(this.#mailboxes.update(mailboxId, patch));
  }

  async destroyMailbox(mailboxId: MailboxId, options: { removeEmails: boolean }): Promise<MailboxOutcome> {
    return this.#committed(this.#mailboxes.destroy(mailboxId, options));
  }

  async openView(mailboxId: MailboxId): Promise<MailboxView | null> {
    const mailbox = this.account.mailboxes.get(mailboxId);
    if (!mailbox) return null;
    const { uidValidity, uidNext, viewModSeq } = mailbox;
    const entries = viewEntries(mailbox, mailboxId);
    return { mailboxId, uidValidity, uidNext, highestModSeq: viewModSeq, keywords: [...new Set(entries.flatMap(({ keywords }) => keywords))], entries };
  }

  async viewChangesSince(mailboxId: MailboxId, sinceModSeq: number): Promise<MailboxViewChanges | null> {
    const mailbox = this.account.mailboxes.get(mailboxId);
    if (!mailbox) return null;
    const { uidNext, viewModSeq, vanished } = mailbox;
    return {
      highestModSeq: viewModSeq, uidNext,
      changed: viewEntries(mailbox, mailboxId).filter(({ modSeq }) => modSeq > sinceModSeq),
      vanished: vanished.filter(({ modSeq }) => modSeq > sinceModSeq).map(({ uid }) => uid).sort((a, b) => a - b),
    };
  }

  async getEmails(emailIds: readonly EmailId[]): Promise<EmailRecord[]> {
    return emailIds.flatMap((emailId) => this.account.emails.get(emailId) ?? []).map(recordOf);
  }

  async describeMessages(messageKeys: readonly number[], parts: DescriptionParts): Promise<ImapDescription[]> {
    return this.#messagesOf(messageKeys).map(({ messageKey, headerBlock, rootPart, octets }) => ({
      messageKey,
      envelope: parts.envelope ? formatImapEnvelope(imapEnvelope(headerBlock)) : null,
      bodyStructure: parts.bodyStructure ? formatImapBodyStructure(imapBodyStructure(rootPart, octets), { isExtensible: true }) : null,
      listFields: parts.listFields ? concatOctets(selectFields(headerBlock, { names: LIST_FIELDS, areExcluded: false })) : null,
    }));
  }

  async getMessagesAtHand(messageKeys: readonly number[], { withBody }: { withBody: boolean }): Promise<ReadonlyMap<number, MessageAtHand>> {
    return new Map(this.#messagesOf(messageKeys).map(({ messageKey, headerBlock, octets }) => [messageKey, { headerBlock: copyOf(headerBlock), body: withBody ? [copyOf(octets.subarray(headerBlock.length))] : [] }]));
  }

  async orderBy(property: OrderProperty, messageKeys: ArrayLike<number>): Promise<Float64Array> {
    return orderBy(this.account, property, messageKeys);
  }

  async threadFacts(messageKeys: ArrayLike<number>): Promise<ThreadFacts> {
    return threadFacts(this.account, messageKeys);
  }

  async loadMessageBytes(emailId: EmailId, range?: { offset: number; length: number }): Promise<Uint8Array | null> {
    const octets = this.account.emails.get(emailId)?.message.octets;
    return octets ? octets.slice(range?.offset ?? 0, range ? range.offset + range.length : octets.length) : null;
  }

  async append(input: AppendInput): Promise<AppendOutcome> {
    return onlyOutcome(await this.appendAll([input]));
  }

  async appendAll(inputs: readonly AppendInput[], { replaced }: { replaced?: ReplacedEmail } = {}): Promise<AppendAllOutcome> {
    const refusal = inputs.map((input) => this.#refusalOf(input)).find((candidate) => candidate !== null);
    if (refusal) return { ok: false, refusal };
    const leaving = replaced && this.account.emails.get(replaced.emailId);
    if (replaced && !leaving?.entries.has(replaced.mailboxId)) return { ok: false, refusal: 'replacedNotFound' };
    const appended = inputs.map((input) => this.#append(input));
    if (replaced && leaving) {
      this.account.removeFromMailbox(leaving, replaced.mailboxId);
      this.account.settleEmail(leaving);
    }
    return this.#committed({ ok: true, appended });
  }

  async updateEmails(updates: readonly EmailUpdate[]): Promise<EmailUpdateOutcome[]> {
    const modSeqsBefore = new Map(updates.map(({ emailId }) => [emailId, this.account.emails.get(emailId)?.modSeq ?? 0]));
    return this.#committed(updates.map((update) => updateEmail(this.account, this.clock, update, modSeqsBefore.get(update.emailId) ?? 0)));
  }

  async destroyEmails(emailIds: readonly EmailId[]): Promise<EmailId[]> {
    const emails = [...new Set(emailIds)].flatMap((emailId) => this.account.emails.get(emailId) ?? []);
    for (const email of emails) {
      for (const mailboxId of email.entries.keys()) this.account.removeFromMailbox(email, mailboxId);
      this.account.settleEmail(email);
    }
    return this.#committed(emails.map(({ emailId }) => emailId));
  }

  async copyEmails(emailIds: readonly EmailId[], mailboxId: MailboxId): Promise<(CopiedEmail | null)[]> {
    const sources = emailIds.map((emailId) => (this.#areKnown([mailboxId]) ? this.account.emails.get(emailId) : undefined));
    return this.#committed(sources.map((source) => (source ? this.#copy(source, mailboxId) : null)));
  }

  async moveToEnd(emailIds: readonly EmailId[], mailboxId: MailboxId): Promise<(CopiedEmail | null)[]> {
    return this.#committed(emailIds.map((emailId) => {
      const source = this.account.emails.get(emailId);
      if (!source?.entries.has(mailboxId)) return null;
      const copy = this.#copy(source, mailboxId);
      this.account.removeFromMailbox(source, mailboxId);
      this.account.settleEmail(source);
      return copy;
    }));
  }

  async annotationsOf(owner: AnnotationOwner): Promise<Annotation[] | null> {
    if (owner !== null && !this.#areKnown([owner])) return null;
    return [...this.account.annotations.get(owner) ?? []].flatMap(([name, value]) => (value ? [{ name, value }] : [])).sort((a, b) => compareText(a.name, b.name));
  }

  async annotate(owner: AnnotationOwner, changes: readonly AnnotationChange[]): Promise<AnnotationOutcome> {
    if (owner !== null && !this.#areKnown([owner])) return { ok: false, refusal: 'mailboxNotFound' };
    const after = new Map([...this.account.annotations.get(owner) ?? [], ...changes.map(({ name, value }) => [name, value && value.slice()] as const)]);
    const refusal = refusalOfAnnotations(changes, { names: after.size, kept: [...after.values()].filter((value) => value !== null).length });
    if (refusal) return { ok: false, refusal };
    this.account.annotate(owner, after, changes.map(({ name }) => name));
    return this.#committed({ ok: true });
  }

  async findUids(mailboxId: MailboxId, filter: EmailFilter): Promise<Uint32Array> {
    const found = [...this.account.emails.values()].filter((email) => matchesFilter(email, filter, this.account));
    return Uint32Array.from(found.flatMap(({ entries }) => entries.get(mailboxId)?.uid ?? []));
  }

  async query(filter: EmailFilter | null, sort: readonly EmailSort[], window: QueryWindow): Promise<QueryResult> {
    const found = [...this.account.emails.values()].filter((email) => matchesFilter(email, filter, this.account));
    const sorted = sortEmails(found, sort, this.account).map(sortedEmail);
    return { ...cutWindow(sorted, window), queryState: this.account.log.state('Email') };
  }

  async getThreads(threadIds: readonly ThreadId[]): Promise<{ threadId: ThreadId; emailIds: EmailId[] }[]> {
    const threads = [...new Set(threadIds)].map((threadId) => ({ threadId, emailIds: this.account.threads.emailsOf(threadId).map(({ emailId }) => emailId) }));
    return threads.filter(({ emailIds }) => emailIds.length > 0);
  }

  /** Ascending by key. */
  #messagesOf(messageKeys: readonly number[]): MemoryMessage[] {
    const asked = new Set(messageKeys);
    const messages = new Set([...this.account.emails.values()].map(({ message }) => message).filter(({ messageKey }) => asked.has(messageKey)));
    return [...messages].sort((a, b) => a.messageKey - b.messageKey);
  }

  #refusalOf({ octets, source, mailboxIds }: AppendInput): AppendRefusal | null {
    if (octets.length > MAX_MESSAGE_BYTES) return 'tooLarge';
    const sourceEmailId = source ? parseEmailId(idFromSource(source.sourceId)) : null;
    if (sourceEmailId && this.account.emails.has(sourceEmailId)) return null;
    if (sourceEmailId && this.account.spentIds.has(sourceEmailId)) return 'alreadyDestroyed';
    return mailboxIds.length === 0 || !this.#areKnown(mailboxIds) ? 'mailboxNotFound' : null;
  }

  #append(input: AppendInput): AppendedEmail {
    const emailId = parseEmailId(input.source ? idFromSource(input.source.sourceId) : this.account.newId('E'));
    const known = this.account.emails.get(emailId);
    if (known) return { emailId, uids: uidsOf(known), isNew: false };
    const email = this.#file(emailId, this.#newMessage(input), {
      keywords: canonicalKeywords(input.keywords ?? []).slice(0, MAX_KEYWORDS), receivedAtMs: input.receivedAtMs ?? this.clock.nowMs(),
      mailboxIds: input.mailboxIds, isDeleted: input.isDeleted,
    });
    return { emailId, uids: uidsOf(email), isNew: true };
  }

  #committed<Outcome>(outcome: Outcome): Outcome {
    this.account.commit();
    return outcome;
  }

  #areKnown(mailboxIds: readonly MailboxId[]): boolean {
    return mailboxIds.every((mailboxId) => this.account.mailboxes.has(mailboxId));
  }

  #newMessage({ octets, security = NOT_PROTECTED }: AppendInput): MemoryMessage {
    const message = { ...readMessage(octets), messageId: parseMessageId(this.account.newId('M')), messageKey: this.account.newKey(), octets: octets.slice(), security };
    return { ...message, threadId: this.account.threads.threadFor(message) };
  }

  #copy({ message, keywords, receivedAtMs }: MemoryEmail, mailboxId: MailboxId): CopiedEmail {
    const copy = this.#file(parseEmailId(this.account.newId('E')), message, { keywords, receivedAtMs, mailboxIds: [mailboxId] });
    return { emailId: copy.emailId, uid: copy.entries.get(mailboxId)?.uid ?? 0 };
  }

  #file(emailId: EmailId, message: MemoryMessage, { keywords, receivedAtMs, mailboxIds, isDeleted = false }: FiledMarks): MemoryEmail {
    const email = this.account.addEmail({ emailId, message, keywords, receivedAtMs });
    for (const mailboxId of mailboxIds) this.account.addToMailbox(email, mailboxId, { addedAtMs: this.clock.nowMs(), isDeleted });
    this.account.settleEmail(email);
    return email;
  }
}

/** How an email begins. */
interface FiledMarks {
  keywords: readonly string[];
  receivedAtMs: number;
  mailboxIds: readonly MailboxId[];
  isDeleted?: boolean | undefined;
}

function idFromSource(sourceId: string): string {
  return `E${createHash('sha256').update(sourceId).digest('base64url').slice(0, 22)}`;
}

function uidsOf({ entries }: MemoryEmail): Map<MailboxId, number> {
  return new Map([...entries].map(([mailboxId, { uid }]) => [mailboxId, uid]));
}

function viewEntries({ emails }: MemoryMailbox, mailboxId: MailboxId): ViewEntry[] {
  const entries = [...emails].flatMap((email) => {
    const entry = email.entries.get(mailboxId);
    const { emailId, emailKey, keywords, modSeq, message, receivedAtMs } = email;
    return entry ? [{ ...entry, emailId, emailKey, messageKey: message.messageKey, keywords, modSeq, sizeBytes: message.sizeBytes, receivedAtMs }] : [];
  });
  return entries.sort((a, b) => a.uid - b.uid);
}

function recordOf({ emailId, message, keywords, receivedAtMs, entries, modSeq }: MemoryEmail): EmailRecord {
  const { messageId, threadId, sizeBytes, headerBlock, rootPart, preview, hasAttachment, security } = message;
  return {
    emailId, messageId, threadId, mailboxIds: [...entries.keys()], keywords, receivedAtMs, sizeBytes,
    headerBlock, rootPart, preview, hasAttachment, security, modSeq,
  };
}

/** `slice` of a `Buffer` copies nothing. */
function copyOf(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}
