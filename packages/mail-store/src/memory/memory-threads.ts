// Threads in memory: see conversation.ts for the rule.

import { parseThreadId, type ThreadId } from '@paloma/shared-model';
import { conversationKeys } from '../conversation.js';
import { compareText } from '../folded-text.js';
import type { MemoryAccount, MemoryEmail, MemoryMessage } from './memory-account.js';

interface MemoryThread {
  emails: Set<MemoryEmail>;
  keys: Set<string>;
}

export class MemoryThreads {
  readonly #threadOfKey = new Map<string, ThreadId>();
  readonly #threads = new Map<ThreadId, MemoryThread>();

  constructor(private readonly account: MemoryAccount) {}

  /** Oldest first. */
  emailsOf(threadId: ThreadId): MemoryEmail[] {
    const emails = this.#threads.get(threadId)?.emails ?? [];
    return [...emails].sort((a, b) => a.receivedAtMs - b.receivedAtMs || compareText(a.emailId, b.emailId));
  }

  /** The thread a message belongs to; threads that it connects become one, under the id of the oldest. */
  threadFor(message: Omit<MemoryMessage, 'threadId'>): ThreadId {
    const keys = conversationKeys(message.texts.conversation, message.messageId);
    const [oldest, ...others] = [...new Set(keys.flatMap((key) => this.#threadOfKey.get(key) ?? []))].sort((a, b) => this.#age(a) - this.#age(b));
    const threadId = oldest ?? this.#start();
    for (const other of others) this.#merge(other, threadId);
    this.#claim(keys, threadId);
    return threadId;
  }

  addEmail(email: MemoryEmail): void {
    const { threadId } = email.message;
    this.#threads.get(threadId)?.emails.add(email);
    this.account.log.noteChanged('Thread', threadId);
  }

  removeEmail(email: MemoryEmail): void {
    const { threadId } = email.message;
    const emails = this.#threads.get(threadId)?.emails;
    emails?.delete(email);
    if (emails?.size) this.account.log.noteChanged('Thread', threadId);
    else this.#end(threadId);
  }

  #start(): ThreadId {
    const threadId = parseThreadId(this.account.newId('T'));
    this.#threads.set(threadId, { emails: new Set(), keys: new Set() });
    return threadId;
  }

  #claim(keys: Iterable<string>, threadId: ThreadId): void {
    for (const key of keys) {
      this.#threadOfKey.set(key, threadId);
      this.#threads.get(threadId)?.keys.add(key);
    }
  }

  #merge(from: ThreadId, into: ThreadId): void {
    const moved = this.emailsOf(from);
    const keys = this.#threads.get(from)?.keys ?? [];
    this.#end(from);
    this.#claim(keys, into);
    for (const email of moved) email.message.threadId = into;
    for (const email of moved) {
      this.addEmail(email);
      this.account.settleEmail(email);
    }
  }

  #end(threadId: ThreadId): void {
    for (const key of this.#threads.get(threadId)?.keys ?? []) this.#threadOfKey.delete(key);
    this.#threads.delete(threadId);
    this.account.log.noteDestroyed('Thread', threadId);
  }

  #age(threadId: ThreadId): number {
    return this.account.log.createdAt('Thread', threadId);
  }
}
