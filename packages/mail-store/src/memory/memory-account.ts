// The state of one account in memory and the steps by which it changes. Every step notes its change in the log;
// `commit` ends a group of steps: it settles what follows from them and tells the subscribers.

import type { EmailId, MailboxDocument, MailboxId, MessageId, RandomSource, SecurityFacts, ThreadId } from '@paloma/shared-model';
import type { AnnotationOwner, MailChange, StateName } from '../port/index.js';
import { MailboxTree } from '../mailbox-tree.js';
import type { ReadMessage } from '../read-message.js';
import { ChangeLog } from './change-log.js';
import { MemoryThreads } from './memory-threads.js';

export interface MemoryMessage extends ReadMessage {
  messageId: MessageId;
  messageKey: number;
  octets: Uint8Array;
  security: SecurityFacts;
  threadId: ThreadId;
}

export interface MemoryEntry {
  uid: number;
  isDeleted: boolean;
  addedAtMs: number;
}

export interface MemoryEmail {
  emailId: EmailId;
  emailKey: number;
  message: MemoryMessage;
  receivedAtMs: number;
  keywords: readonly string[];
  entries: Map<MailboxId, MemoryEntry>;
  modSeq: number;
}

export interface MemoryMailbox {
  document: MailboxDocument;
  uidValidity: number;
  uidNext: number;
  viewModSeq: number;
  createdAt: number;
  emails: Set<MemoryEmail>;
  vanished: { uid: number; modSeq: number }[];
}

export class MemoryAccount {
  readonly mailboxes = new Map<MailboxId, MemoryMailbox>();
  readonly emails = new Map<EmailId, MemoryEmail>();
  /** Ids of destroyed emails that derive from a source: never used again. */
  readonly spentIds = new Set<EmailId>();
  readonly annotations = new Map<AnnotationOwner, Map<string, Uint8Array | null>>();
  readonly log: ChangeLog;
  readonly threads: MemoryThreads;
  readonly #listeners = new Set<(change: MailChange) => void>();
  readonly #touchedMailboxes = new Set<MailboxId>();
  readonly #mailboxesLeft = new Set<MailboxId>();
  readonly #touchedThreads = new Set<ThreadId>();
  #annotated = new Map<AnnotationOwner, Set<string>>();
  #lastKey = 0;
  #statesBefore: Record<StateName, string>;

  constructor(private readonly random: RandomSource) {
    this.log = new ChangeLog(this.newId(''));
    this.threads = new MemoryThreads(this);
    this.#statesBefore = this.#states();
  }

  get tree(): MailboxTree {
    return new MailboxTree([...this.mailboxes.values()].map(({ document }) => document));
  }

  /** 128 random bits, base64url, behind a letter (RFC 8620 §1.2: not a dash or a digit first). */
  newId(prefix: string): string {
    return prefix + Buffer.from(this.random.bytes(16)).toString('base64url');
  }

  newKey(): number {
    return this.#lastKey += 1;
  }

  subscribe(listener: (change: MailChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  addMailbox(document: MailboxDocument): void {
    const mailboxId = document.mailboxId as MailboxId;
    const createdAt = this.log.noteChanged('Mailbox', mailboxId);
    this.mailboxes.set(mailboxId, {
      document, uidValidity: this.#newUidValidity(), uidNext: 1, viewModSeq: createdAt, createdAt, emails: new Set(), vanished: [],
    });
    this.#touchedMailboxes.add(mailboxId);
  }

  changeMailbox(mailboxId: MailboxId, patch: Partial<MailboxDocument>): void {
    const mailbox = this.mailboxes.get(mailboxId);
    if (!mailbox) return;
    mailbox.document = { ...mailbox.document, ...patch };
    this.log.noteChanged('Mailbox', mailboxId);
  }

  annotate(owner: AnnotationOwner, annotations: Map<string, Uint8Array | null>, changed: Iterable<string>): void {
    this.annotations.set(owner, annotations);
    this.#annotated.set(owner, new Set(changed));
  }

  /** The mailbox holds no email any more. */
  removeMailbox(mailboxId: MailboxId): void {
    this.annotations.delete(mailboxId);
    this.mailboxes.delete(mailboxId);
    this.log.noteDestroyed('Mailbox', mailboxId);
    this.#touchedMailboxes.add(mailboxId);
  }

  addEmail(email: Omit<MemoryEmail, 'emailKey' | 'modSeq' | 'entries'>): MemoryEmail {
    const added: MemoryEmail = { ...email, emailKey: this.newKey(), entries: new Map(), modSeq: 0 };
    this.emails.set(added.emailId, added);
    this.threads.addEmail(added);
    return added;
  }

  /** Gives the next UID of the mailbox. */
  addToMailbox(email: MemoryEmail, mailboxId: MailboxId, { addedAtMs, isDeleted = false }: { addedAtMs: number; isDeleted?: boolean }): void {
    const mailbox = this.mailboxes.get(mailboxId);
    if (!mailbox || email.entries.has(mailboxId)) return;
    email.entries.set(mailboxId, { uid: mailbox.uidNext, isDeleted, addedAtMs });
    mailbox.uidNext += 1;
    mailbox.emails.add(email);
  }

  removeFromMailbox(email: MemoryEmail, mailboxId: MailboxId): void {
    const mailbox = this.mailboxes.get(mailboxId);
    const entry = email.entries.get(mailboxId);
    if (!mailbox || !entry) return;
    email.entries.delete(mailboxId);
    mailbox.emails.delete(email);
    mailbox.viewModSeq = this.log.latest + 1;
    mailbox.vanished.push({ uid: entry.uid, modSeq: mailbox.viewModSeq });
    this.#touchedMailboxes.add(mailboxId);
    this.#mailboxesLeft.add(mailboxId);
  }

  /** Ends the change of one email: gives it its modseq, or destroys it when no mailbox holds it any more. `isMark`: no count depends on it. */
  settleEmail(email: MemoryEmail, { isMark = false } = {}): void {
    if (!isMark) this.#touchedThreads.add(email.message.threadId);
    if (email.entries.size === 0) return this.#destroy(email);
    email.modSeq = this.log.noteChanged('Email', email.emailId);
    for (const mailboxId of email.entries.keys()) this.#touchView(mailboxId, email.modSeq);
  }

  /** Ends a group of steps. */
  commit(): void {
    for (const mailboxId of this.#mailboxesWithNewCounts()) this.log.noteChanged('Mailbox', mailboxId);
    const states = this.#states();
    const changed = (Object.keys(states) as StateName[]).filter((name) => states[name] !== this.#statesBefore[name]);
    const change = { mailboxIds: new Set(this.#touchedMailboxes), states: new Set(changed), ...(this.#annotated.size > 0 && { annotated: this.#annotated }) };
    const isNews = changed.length > 0 || this.#annotated.size > 0;
    this.#annotated = new Map();
    this.#statesBefore = states;
    this.#touchedMailboxes.clear();
    this.#mailboxesLeft.clear();
    this.#touchedThreads.clear();
    if (isNews) for (const listener of this.#listeners) listener(change);
  }

  #destroy(email: MemoryEmail): void {
    this.emails.delete(email.emailId);
    this.spentIds.add(email.emailId);
    this.log.noteDestroyed('Email', email.emailId);
    this.threads.removeEmail(email);
  }

  #touchView(mailboxId: MailboxId, modSeq: number): void {
    const mailbox = this.mailboxes.get(mailboxId);
    if (mailbox) mailbox.viewModSeq = modSeq;
    this.#touchedMailboxes.add(mailboxId);
  }

  // Unread threads of a mailbox count emails of the thread in other mailboxes too (RFC 8621 §2).
  #mailboxesWithNewCounts(): MailboxId[] {
    const ofThreads = [...this.#touchedThreads].flatMap((threadId) => this.threads.emailsOf(threadId)).flatMap(({ entries }) => [...entries.keys()]);
    return [...new Set([...this.#mailboxesLeft, ...ofThreads])].filter((mailboxId) => this.mailboxes.has(mailboxId));
  }

  #states(): Record<StateName, string> {
    return { Mailbox: this.log.state('Mailbox'), Email: this.log.state('Email'), Thread: this.log.state('Thread') };
  }

  // RFC 9051 §2.3.1.1: a non-zero 32-bit number.
  #newUidValidity(): number {
    return Buffer.from(this.random.bytes(4)).readUInt32BE() || 1;
  }
}
