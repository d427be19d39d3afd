// Keeps the full-text index up with the messages: at once for what is filed here, in small transactions for what arrives
// by sync. A search waits until nothing waits. Bodies that are in blobs are read where they are on this device, and again when one has come
// because somebody read it: to fetch every large body for the index would download the whole account.

import type { DocumentKey, DocumentStore, DocumentTransaction, Sql } from '@paloma/document-store';
import type { BlobId, MessageDocument } from '@paloma/shared-model';
import { foldedBodyText, type PartBodySource } from '../body-text.js';
import { readHeaderTexts } from '../header-texts.js';
import { foldedAttachmentNames } from '../read-message.js';
import { MAIL_BLOBS } from './blob-references.js';
import { octetsAtHand } from './message-runs.js';
import { letMessageWait, TEXT_COLUMNS, type TextColumn } from './text-tables.js';

/** Messages of one transaction; about a tenth of a second. */
const BATCH_MESSAGES = 50;

interface WaitingMessage {
  messageKey: DocumentKey;
  messageId: string;
}

export class TextIndex {
  #catchingUp: Promise<void> | null = null;
  #isClosed = false;

  constructor(private readonly store: DocumentStore) {}

  /** Resolves when every message that is here is in the index. Other work goes on between the batches. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#indexAll().finally(() => { this.#catchingUp = null; });
    return this.#catchingUp;
  }

  /** Begins to catch up. What goes wrong is told to the next search, which catches up too. */
  catchUpInBackground(): void {
    this.catchUp().catch(() => undefined);
  }

  /** Stops catching up; to be called before the document store is closed. */
  close(): void {
    this.#isClosed = true;
  }

  async #indexAll(): Promise<void> {
    while (!this.#isClosed && this.#indexBatch()) await new Promise((resolve) => setImmediate(resolve));
  }

  /** False when nothing waits. */
  #indexBatch(): boolean {
    const waiting = this.store.sql.all<WaitingMessage>('SELECT message_key AS messageKey, message_id AS messageId FROM mail_text_waiting ORDER BY message_key LIMIT ?', BATCH_MESSAGES);
    if (waiting.length > 0) this.store.transact((transaction) => waiting.forEach((message) => indexStored(this.store, transaction, message)));
    return waiting.length > 0;
  }
}

/** Indexes a message whose octets are at hand. */
export function indexMessage(sql: Sql, messageKey: DocumentKey, message: Pick<MessageDocument, 'messageId' | 'headerBlock' | 'rootPart'>, bodyOf: PartBodySource): void {
  const texts = readHeaderTexts(message.headerBlock);
  const row: Record<TextColumn, string> = {
    from_text: texts.from, to_text: texts.to, cc_text: texts.cc, bcc_text: texts.bcc, subject: texts.subject,
    other_addresses: texts.otherAddresses, attachment_names: foldedAttachmentNames(message.rootPart), body: foldedBodyText(message.rootPart, bodyOf),
  };
  const columns = TEXT_COLUMNS.join(', ');
  sql.run(`INSERT OR REPLACE INTO mail_text (rowid, ${columns}) VALUES (?, ${TEXT_COLUMNS.map(() => '?').join(', ')})`, messageKey, ...TEXT_COLUMNS.map((name) => row[name]));
  endWaiting(sql, messageKey);
}

/** Octets of the message have come that the index has not seen. */
export function indexAgain(store: DocumentStore, messageId: string): void {
  store.transact(({ sql }) => letMessageWait(sql, messageId));
}

function indexStored(store: DocumentStore, transaction: DocumentTransaction, { messageKey, messageId }: WaitingMessage): void {
  const message = transaction.get('message', messageId);
  if (!message) return endWaiting(transaction.sql, messageKey);   // of a version that this program does not know
  const content = transaction.get('message-content', messageId)?.content.octets ?? null;
  const blobOctets = (blobId: BlobId): Uint8Array | null => store.getLocalBlob(MAIL_BLOBS, blobId);
  indexMessage(transaction.sql, messageKey, message.content, ({ bodyOffset, bodyBytes }) => octetsAtHand(message.content, content, { offset: bodyOffset, length: bodyBytes }, blobOctets));
}

function endWaiting(sql: Sql, messageKey: DocumentKey): void {
  sql.run('DELETE FROM mail_text_waiting WHERE message_key = ?', messageKey);
}
