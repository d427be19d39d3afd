// The mail store of production: documents are the truth, the projections answer. One object for each account and device.

import type { DocumentChange, DocumentKey, DocumentStore, DocumentTransaction, Scheduler } from '@paloma/document-store';
import {
  MAX_MESSAGE_BYTES,
  type AccountId, type Clock, type EmailDocument, type EmailId, type MailAddress, type MailboxId, type ThreadId,
} from '@paloma/shared-model';
import { canonicalKeywords, MAX_KEYWORDS } from '../keywords.js';
import type {
  Annotation, AnnotationChange, AnnotationOutcome, AnnotationOwner, AppendAllOutcome, AppendedEmail, AppendInput, AppendOutcome, AppendRefusal, ChangeList, CopiedEmail, DescriptionParts, EmailFilter, EmailRecord, EmailSort, EmailUpdate, EmailUpdateOutcome, ImapDescription, Mailbox, MailboxInput,
  MailboxOutcome, MailboxPatch, MailboxView, MailboxViewChanges, MailChange, MailStore, MessageAtHand, OrderProperty, QueryResult, QueryWindow, ReplacedEmail, StateName, ThreadFacts,
} from '../port/index.js';
import { onlyOutcome } from '../only-outcome.js';
import { cutWindow } from '../query-window.js';
import { annotate, annotatedBy, annotationsOf } from './annotations.js';
import { deleteBlobsOfDestroyed } from './blob-references.js';
import { forgetOldRemovals } from './change-sequence.js';
import { describeMessages } from './descriptions.js';
import { DocumentMailboxes } from './document-mailboxes.js';
import { keywordsOf, newEmailDocument } from './email-marks.js';
import { asksForText, findEmails, findUids } from './email-query.js';
import { loadEmailRecords } from './email-records.js';
import { destroyEmail, takeOutOfMailbox } from './email-removal.js';
import { uidsOf, updateEmails, visibleEmails } from './email-updates.js';
import { fileMessage, idsFromClock, idsFromSource } from './file-message.js';
import { loadMessage } from './load-message.js';
import type { OctetRange } from './message-runs.js';
import { MailboxViews, viewChangesSince } from './mailbox-views.js';
import { MessageRemoval } from './message-removal.js';
import { messagesAtHand } from './messages-at-hand.js';
import { MailStates } from './mail-states.js';
import { OrderColumns } from './order-columns.js';
import { TextIndex } from './text-index.js';

export interface DocumentMailStoreOptions {
  /** Opened with `mailProjections`. Stays the caller's to close, after the mail store. */
  store: DocumentStore;
  accountId: AccountId;
  address: MailAddress;
  clock: Clock;
  /** How long `loadMessageBytes` waits for a body that is still on its way from another device; 0 (not at all) when absent. */
  arrivalTimeoutMs?: number;
  /** For work in the background; that of the process when absent. */
  scheduler?: Scheduler;
}

export interface DocumentMailStore extends MailStore {
  /** A message of which the last email was destroyed goes some seconds later, in the background; this removes all of them now. */
  removeMessagesOfDestroyed(): Promise<void>;
  /** Ends subscriptions and background work. */
  close(): void;
}

export function createDocumentMailStore(options: DocumentMailStoreOptions): DocumentMailStore {
  return new MailStoreOfDocuments(options);
}

interface KeyedEmail { emailId: EmailId; emailKey: DocumentKey }
interface FiledEmail extends KeyedEmail, Omit<AppendedEmail, 'uids'> {}

class MailStoreOfDocuments implements DocumentMailStore {
  readonly accountId: AccountId;
  readonly address: MailAddress;
  readonly #store: DocumentStore;
  readonly #clock: Clock;
  readonly #arrivalTimeoutMs: number;
  readonly #mailboxes: DocumentMailboxes;
  readonly #views: MailboxViews;
  readonly #states: MailStates;
  readonly #textIndex: TextIndex;
  readonly #orderColumns: OrderColumns;
  readonly #removal: MessageRemoval;
  readonly #listeners = new Set<(change: MailChange) => void>();
  readonly #endSubscription: () => void;
  #toldPosition: number;

  constructor({ store, accountId, address, clock, arrivalTimeoutMs = 0, scheduler }: DocumentMailStoreOptions) {
    this.accountId = accountId;
    this.address = address;
    this.#store = store;
    this.#clock = clock;
    this.#arrivalTimeoutMs = arrivalTimeoutMs;
    this.#mailboxes = new DocumentMailboxes(store, clock);
    this.#views = new MailboxViews(store.sql);
    this.#states = new MailStates(store.sql, store.replicaUid);
    this.#textIndex = new TextIndex(store);
    this.#orderColumns = new OrderColumns(store.sql);
    this.#removal = new MessageRemoval(store, scheduler);
    this.#mailboxes.ensureRoleMailboxes();
    store.transact(({ sql }) => forgetOldRemovals(sql));
    this.#toldPosition = this.#states.position;
    this.#endSubscription = store.subscribe((changes) => this.#committed(changes));
    this.#textIndex.catchUpInBackground();
    this.#removal.begin();
  }

  removeMessagesOfDestroyed(): Promise<void> {
    return this.#removal.finish();
  }

  close(): void {
    this.#endSubscription();
    this.#listeners.clear();
    this.#textIndex.close();
    this.#removal.close();
  }

  async state(name: StateName): Promise<string> {
    return this.#states.current(name);
  }

  async changesSince(name: StateName, sinceState: string, maxChanges: number): Promise<ChangeList | null> {
    return this.#states.changesSince(name, sinceState, maxChanges);
  }

  subscribe(listener: (change: MailChange) => void): () => void {
    const own = (change: MailChange): void => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async listMailboxes(): Promise<Mailbox[]> {
    return this.#mailboxes.list();
  }

  async createMailbox(input: MailboxInput): Promise<MailboxOutcome> {
    return this.#mailboxes.create(input);
  }

  async updateMailbox(mailboxId: MailboxId, patch: MailboxPatch): Promise<MailboxOutcome> {
    return this.#mailboxes.update(mailboxId, patch);
  }

  async destroyMailbox(mailboxId: MailboxId, options: { removeEmails: boolean }): Promise<MailboxOutcome> {
    return this.#mailboxes.destroy(mailboxId, options);
  }

  async openView(mailboxId: MailboxId): Promise<MailboxView | null> {
    return this.#views.open(mailboxId);
  }

  async viewChangesSince(mailboxId: MailboxId, sinceModSeq: number): Promise<MailboxViewChanges | null> {
    return viewChangesSince(this.#store.sql, mailboxId, sinceModSeq);
  }

  async getEmails(emailIds: readonly EmailId[]): Promise<EmailRecord[]> {
    return loadEmailRecords(this.#store, emailIds);
  }

  async describeMessages(messageKeys: readonly number[], parts: DescriptionParts): Promise<ImapDescription[]> {
    return describeMessages(this.#store, messageKeys, parts);
  }

  async getMessagesAtHand(messageKeys: readonly number[], options: { withBody: boolean }): Promise<ReadonlyMap<number, MessageAtHand>> {
    return messagesAtHand(this.#store, messageKeys, options);
  }

  orderBy(property: OrderProperty, messageKeys: ArrayLike<number>): Promise<Float64Array> {
    return this.#orderColumns.orderBy(property, messageKeys);
  }

  threadFacts(messageKeys: ArrayLike<number>): Promise<ThreadFacts> {
    return this.#orderColumns.threadFacts(messageKeys);
  }

  async loadMessageBytes(emailId: EmailId, range?: OctetRange): Promise<Uint8Array | null> {
    const messageId = this.#visibleMessageId(emailId);
    const message = messageId === null ? null : this.#store.get('message', messageId);
    return message && loadMessage(this.#store, message.content, { range, arrivalTimeoutMs: this.#arrivalTimeoutMs });
  }

  async append(input: AppendInput): Promise<AppendOutcome> {
    return onlyOutcome(await this.appendAll([input]));
  }

  async appendAll(inputs: readonly AppendInput[], options: { replaced?: ReplacedEmail } = {}): Promise<AppendAllOutcome> {
    // Whoever sent the messages forgets them when this returns, so they must be on disk.
    const filed = this.#store.transact((transaction) => this.#fileAll(transaction, inputs, options.replaced), { durable: true });
    if (!Array.isArray(filed)) return { ok: false, refusal: filed.refusal };
    const uids = uidsOf(this.#store.sql, filed.map(({ emailKey }) => emailKey));
    return { ok: true, appended: filed.map(({ emailKey, ...email }) => ({ ...email, uids: uids.get(emailKey) ?? new Map() })) };
  }

  async updateEmails(updates: readonly EmailUpdate[]): Promise<EmailUpdateOutcome[]> {
    return updateEmails(this.#store, this.#clock, updates);
  }

  async destroyEmails(emailIds: readonly EmailId[]): Promise<EmailId[]> {
    return this.#store.transact((transaction) => [...new Set(emailIds)].filter((emailId) => {
      const messageId = this.#visibleMessageId(emailId);
      if (messageId !== null) destroyEmail(transaction, emailId, messageId);
      return messageId !== null;
    }));
  }

  async copyEmails(emailIds: readonly EmailId[], mailboxId: MailboxId): Promise<(CopiedEmail | null)[]> {
    return this.#inMailbox(mailboxId, emailIds, (transaction) => this.#copyAll(transaction, this.#visibleEmails(transaction, emailIds), mailboxId));
  }

  async moveToEnd(emailIds: readonly EmailId[], mailboxId: MailboxId): Promise<(CopiedEmail | null)[]> {
    return this.#inMailbox(mailboxId, emailIds, (transaction) => {
      const once = new Set<EmailDocument>();
      const moved = this.#visibleEmails(transaction, emailIds).map((email) => {
        if (!email?.mailboxes[mailboxId]?.isMember || once.has(email)) return null;
        once.add(email);
        return email;
      });
      const copies = this.#copyAll(transaction, moved, mailboxId);
      for (const { emailId } of once) takeOutOfMailbox(transaction, this.#clock, { emailId: emailId as EmailId, mailboxId });
      return copies;
    });
  }

  async annotationsOf(owner: AnnotationOwner): Promise<Annotation[] | null> {
    return annotationsOf(this.#store, owner);
  }

  async annotate(owner: AnnotationOwner, changes: readonly AnnotationChange[]): Promise<AnnotationOutcome> {
    return annotate(this.#store, this.#clock, owner, changes);
  }

  async findUids(mailboxId: MailboxId, filter: EmailFilter): Promise<Uint32Array> {
    if (asksForText(filter)) await this.#textIndex.catchUp();
    return findUids(this.#store, mailboxId, filter);
  }

  async query(filter: EmailFilter | null, sort: readonly EmailSort[], window: QueryWindow): Promise<QueryResult> {
    if (asksForText(filter)) await this.#textIndex.catchUp();
    const sorted = await findEmails(this.#store, filter, sort);
    return { ...cutWindow(sorted, window), queryState: this.#states.current('Email') };
  }

  async getThreads(threadIds: readonly ThreadId[]): Promise<{ threadId: ThreadId; emailIds: EmailId[] }[]> {
    const rows = this.#store.sql.all<{ threadId: ThreadId; emailId: EmailId }>(
      `SELECT t.thread_id AS threadId, e.email_id AS emailId FROM json_each(?) AS asked CROSS JOIN mail_thread t ON t.thread_id = asked.value CROSS JOIN mail_email e USING (thread_key)
       ORDER BY asked.key, e.received_at_ms, e.email_id`, JSON.stringify([...new Set(threadIds)]));
    const threads = Map.groupBy(rows, ({ threadId }) => threadId);
    return [...threads].map(([threadId, members]) => ({ threadId, emailIds: members.map(({ emailId }) => emailId) }));
  }

  /** Refusals are known before anything is put. */
  #fileAll(transaction: DocumentTransaction, inputs: readonly AppendInput[], replaced: ReplacedEmail | undefined): FiledEmail[] | { refusal: AppendRefusal | 'replacedNotFound' } {
    const refusal = inputs.map((input) => this.#refusalOf(transaction, input)).find((candidate) => candidate !== null);
    if (refusal) return { refusal };
    if (replaced && !this.#isSeenIn(transaction, replaced)) return { refusal: 'replacedNotFound' };
    const filed = inputs.map((input) => this.#file(transaction, input));
    if (replaced) takeOutOfMailbox(transaction, this.#clock, replaced);
    return filed;
  }

  #isSeenIn(transaction: DocumentTransaction, { emailId, mailboxId }: ReplacedEmail): boolean {
    const email = transaction.get('email', emailId);
    return email !== null && uidsOf(transaction.sql, [email.documentKey]).get(email.documentKey)?.has(mailboxId) === true;
  }

  #refusalOf(transaction: DocumentTransaction, { octets, source, mailboxIds }: AppendInput): AppendRefusal | null {
    if (octets.length > MAX_MESSAGE_BYTES) return 'tooLarge';
    const sourceEmailId = source ? idsFromSource(this.#store, source.sourceId).emailId : null;
    if (sourceEmailId && transaction.get('email', sourceEmailId)) return null;
    if (sourceEmailId && transaction.isKnown('email', sourceEmailId)) return 'alreadyDestroyed';
    return mailboxIds.length === 0 || !this.#areMailboxes(mailboxIds) ? 'mailboxNotFound' : null;
  }

  #file(transaction: DocumentTransaction, input: AppendInput): FiledEmail {
    const { source, mailboxIds, isDeleted, keywords = [], receivedAtMs = this.#clock.nowMs() } = input;
    const ids = source ? idsFromSource(this.#store, source.sourceId) : idsFromClock(this.#store, transaction.nextMarkClock());
    const known = transaction.get('email', ids.emailId);
    if (known) return { emailId: ids.emailId, emailKey: known.documentKey, isNew: false };
    if (!transaction.get('message', ids.messageId)) fileMessage(this.#store, transaction, ids.messageId, input);
    const emailKey = transaction.put('email', ids.emailId, newEmailDocument({
      ...ids, receivedAtMs, clock: transaction.nextMarkClock(), addedAtMs: this.#clock.nowMs(), keywords: canonicalKeywords(keywords).slice(0, MAX_KEYWORDS), mailboxIds, isDeleted,
    }));
    return { emailId: ids.emailId, emailKey, isNew: true };
  }

  /** Emails of one transaction with the UIDs that they get there; none when there is no such mailbox. */
  #inMailbox(mailboxId: MailboxId, emailIds: readonly EmailId[], copy: (transaction: DocumentTransaction) => (KeyedEmail | null)[]): (CopiedEmail | null)[] {
    if (!this.#areMailboxes([mailboxId])) return emailIds.map(() => null);
    const copies = this.#store.transact(copy);
    const uids = uidsOf(this.#store.sql, copies.flatMap((each) => each?.emailKey ?? []));
    return copies.map((each) => each && { emailId: each.emailId, uid: uids.get(each.emailKey)?.get(mailboxId) ?? 0 });
  }

  #copyAll(transaction: DocumentTransaction, sources: readonly (EmailDocument | null)[], mailboxId: MailboxId): (KeyedEmail | null)[] {
    const copies = sources.map((source) => source && this.#copyOf(transaction, source, mailboxId));
    const emailKeys = transaction.putAll('email', copies.flatMap((content) => (content ? [{ localPart: content.emailId, content }] : [])))[Symbol.iterator]();
    return copies.map((copy) => copy && { emailId: copy.emailId as EmailId, emailKey: emailKeys.next().value! });
  }

  #copyOf(transaction: DocumentTransaction, { messageId, receivedAtMs, ...marks }: EmailDocument, mailboxId: MailboxId): EmailDocument {
    const clock = transaction.nextMarkClock();
    const { emailId } = idsFromClock(this.#store, clock);
    return newEmailDocument({ emailId, messageId, receivedAtMs, clock, addedAtMs: this.#clock.nowMs(), keywords: keywordsOf(marks), mailboxIds: [mailboxId] });
  }

  /** Null: not visible. */
  #visibleEmails(transaction: DocumentTransaction, emailIds: readonly EmailId[]): (EmailDocument | null)[] {
    const visible = visibleEmails(transaction.sql, emailIds);
    transaction.prefetch([...visible.values()].map(({ emailKey }) => emailKey));
    return emailIds.map((emailId) => (visible.has(emailId) ? transaction.get('email', emailId)!.content : null));
  }

  #areMailboxes(mailboxIds: readonly MailboxId[]): boolean {
    return mailboxIds.every((mailboxId) => this.#store.sql.get('SELECT 1 FROM mail_mailbox WHERE mailbox_id = ?', mailboxId) !== undefined);
  }

  #visibleMessageId(emailId: EmailId): string | null {
    const row = this.#store.sql.get<{ messageId: string }>('SELECT message_id AS messageId FROM mail_email WHERE email_id = ? AND thread_key IS NOT NULL', emailId);
    return row?.messageId ?? null;
  }

  #committed(changes: readonly DocumentChange[]): void {
    const annotated = annotatedBy(changes);
    const change = { ...this.#states.changeAfter(this.#toldPosition), ...(annotated.size > 0 && { annotated }) };
    this.#toldPosition = this.#states.position;
    deleteBlobsOfDestroyed(this.#store, changes);
    if (changes.some(({ type, after }) => type === 'email' && after === null)) this.#removal.begin();
    if (changes.some(({ origin }) => origin === 'sync')) this.#textIndex.catchUpInBackground();
    if (change.states.size > 0 || annotated.size > 0) for (const listener of this.#listeners) listener(change);
  }
}
