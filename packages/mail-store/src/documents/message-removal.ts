// Messages of which a last email was destroyed. The email goes at once. Its message, which nobody sees any more, costs many times as much
// with its octets, its texts for search and what it is sorted by: it goes later, a few at a time and with rests between, so that whoever
// expunges ten thousand messages waits for ten thousand emails alone. What waits stands in the database, in the transaction that destroyed
// the email.

import { systemScheduler, type DocumentStore, type DocumentTransaction, type Projection, type Scheduler, type Sql } from '@paloma/document-store';
import type { MessageId } from '@paloma/shared-model';
import { blobsOf, deleteUnreferencedBlobs } from './blob-references.js';

/** After an email was destroyed: more will follow. */
const BEGIN_AFTER_MS = 5_000;
/** Messages of one transaction; about 10 ms. */
const BATCH_MESSAGES = 10;
/** Between two of them, so that others have most of the time. */
const REST_MS = 40;

/** Holds on to its table: what waits follows from no document. */
export const mailRemovalProjection: Projection = {
  name: 'mail-removal',
  version: 1,
  types: [],
  drop() {},
  create(sql) {
    sql.exec('CREATE TABLE IF NOT EXISTS mail_removal (place INTEGER PRIMARY KEY, message_id TEXT NOT NULL)');
  },
  apply() {},
};

/** Inside the transaction that destroys an email of the message, which may have others. */
export function awaitRemoval(sql: Sql, messageId: string): void {
  sql.run('INSERT INTO mail_removal (message_id) VALUES (?)', messageId);
}

export class MessageRemoval {
  #callOff: (() => void) | null = null;

  constructor(private readonly store: DocumentStore, private readonly scheduler: Scheduler = systemScheduler) {}

  /** Whatever waits goes in a while. */
  begin(): void {
    if (this.#callOff === null && isWaiting(this.store.sql)) this.#goOnAfter(BEGIN_AFTER_MS);
  }

  /** Removes all that waits, now. */
  async finish(): Promise<void> {
    while (this.#removeBatch()) await new Promise((resolve) => setImmediate(resolve));
  }

  /** To be called before the document store is closed. What waits goes on waiting. */
  close(): void {
    this.#callOff?.();
  }

  #goOnAfter(delayMs: number): void {
    this.#callOff = this.scheduler.after(delayMs, () => {
      this.#callOff = null;
      if (this.#canGoOn()) this.#goOnAfter(REST_MS);
    });
  }

  /** What goes wrong, on a full disk say, is no reason to end the program: it is tried again when the next email is destroyed or the store is opened. */
  #canGoOn(): boolean {
    try {
      return this.#removeBatch();
    } catch {
      return false;
    }
  }

  /** False when nothing waits. */
  #removeBatch(): boolean {
    const waiting = this.store.sql.all<{ place: number; messageId: MessageId }>('SELECT place, message_id AS messageId FROM mail_removal ORDER BY place LIMIT ?', BATCH_MESSAGES);
    const last = waiting.at(-1);
    if (!last) return false;
    this.store.transact((transaction) => {
      for (const messageId of new Set(waiting.map((each) => each.messageId))) removeUnlessShared(this.store, transaction, messageId);
      transaction.sql.run('DELETE FROM mail_removal WHERE place <= ?', last.place);
    });
    return true;
  }
}

function isWaiting(sql: Sql): boolean {
  return sql.get('SELECT 1 FROM mail_removal LIMIT 1') !== undefined;
}

function removeUnlessShared(store: DocumentStore, transaction: DocumentTransaction, messageId: MessageId): void {
  const isShared = transaction.sql.get('SELECT 1 FROM mail_message m JOIN mail_email e ON e.message_key = m.message_key WHERE m.message_id = ? LIMIT 1', messageId) !== undefined;
  if (isShared) return;
  const blobIds = blobsOf(transaction.sql, `message:${messageId}`);
  transaction.delete('message', messageId);
  transaction.delete('message-content', messageId);
  deleteUnreferencedBlobs(store, blobIds);
}
