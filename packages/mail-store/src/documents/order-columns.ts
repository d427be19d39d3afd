// What sorting and threading know of the messages of an account, side by side in memory: about 15 MB for 100,000 messages, shared by
// all sessions and read when the first of them asks. Messages never change and their keys ascend, so what is new stands behind
// what is here; what is gone stays until it would be half. When one came back, which is rare, all are read anew.

import { setImmediate } from 'node:timers/promises';
import type { Sql } from '@paloma/document-store';
import { ORDER_TEXTS, type OrderText } from '../order/read-message-order.js';
import type { OrderProperty, ThreadFacts } from '../port/index.js';
import { counter } from './change-sequence.js';
import { HASHED_ID_OCTETS, ORDER_TEXT_COLUMNS } from './message-order.js';
import { Column } from './column.js';
import { TextRanks } from './text-ranks.js';

/** Read in one turn of the event loop; about 10 ms. */
const PAGE_MESSAGES = 2000;
const NEXT_PAGE = `SELECT message_key AS messageKey, sent_at_ms AS sentAtMs, is_reply AS isReply, message_id_hash AS messageId, reference_hashes AS "references",
  ${ORDER_TEXTS.map((name) => `${ORDER_TEXT_COLUMNS[name]} AS "${name}"`).join(', ')} FROM mail_order WHERE message_key > ? ORDER BY message_key LIMIT ?`;

type OrderRow = Record<OrderText, number> & { messageKey: number; sentAtMs: number | null; isReply: number; messageId: number; references: Buffer };

export class OrderColumns {
  #columns = newColumns();
  /** Messages that had come back when the columns were begun. */
  #returned = 0;
  #catchingUp: Promise<void> | null = null;
  /** So long the columns are before what is gone is looked for. */
  #forgetAt: number;
  readonly #ranks: TextRanks;

  constructor(private readonly sql: Sql, private readonly pageMessages = PAGE_MESSAGES) {
    this.#forgetAt = 2 * pageMessages;
    this.#ranks = new TextRanks(sql);
  }

  async orderBy(property: OrderProperty, messageKeys: ArrayLike<number>): Promise<Float64Array> {
    await this.#catchUp();
    if (property === 'sent') return this.#columns.sentAtMs.at(this.#placesOf(messageKeys), NaN);
    await this.#ranks.catchUp();
    const order = Float64Array.from(this.#columns[property].at(this.#placesOf(messageKeys), 0));
    for (let index = 0; index < order.length; index += 1) order[index] = this.#ranks.of(order[index]!);
    return order;
  }

  async threadFacts(messageKeys: ArrayLike<number>): Promise<ThreadFacts> {
    await this.#catchUp();
    const places = this.#placesOf(messageKeys);
    const { sentAtMs, subject, isReply, messageId, references, referenceEnds, ids } = this.#columns;
    const answered = new Column(Uint32Array);
    const ends = new Uint32Array(places.length);
    for (const [index, place] of places.entries()) {
      if (place >= 0) answered.copy(references, place === 0 ? 0 : referenceEnds.values[place - 1]!, referenceEnds.values[place]!);
      ends[index] = answered.length;
    }
    return {
      sentAtMs: sentAtMs.at(places, NaN), subjects: subject.at(places, 0), isReply: isReply.at(places, 0),
      messageIds: messageId.at(places, 0), references: answered.values.subarray(0, answered.length), referenceEnds: ends, ids: ids.size,
    };
  }

  /** Where each message stands in the columns; -1 for one that is not known. Keys that ascend are found side by side. */
  #placesOf(messageKeys: ArrayLike<number>): Int32Array {
    const { messageKey: { values: keys, length } } = this.#columns;
    const places = new Int32Array(messageKeys.length);
    for (let index = 0, next = 0; index < places.length; index += 1) {
      const place = next < length && keys[next] === messageKeys[index] ? next : placeIn(keys, length, messageKeys[index]!);
      places[index] = place;
      next = place + 1;
    }
    return places;
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readNew().finally(() => { this.#catchingUp = null; });
    return this.#catchingUp;
  }

  async #readNew(): Promise<void> {
    const returned = counter(this.sql, 'returned');
    if (returned !== this.#returned) this.#columns = newColumns();
    this.#returned = returned;
    for (let page = this.#nextPage(); page.length > 0; page = this.#nextPage()) {
      if (this.#columns.messageKey.length >= this.#forgetAt && this.#forgetWhenMostIsGone()) continue;
      for (const row of page) this.#add(row);
      await setImmediate(); // other sessions have their turn
    }
  }

  #nextPage(): OrderRow[] {
    return this.sql.all<OrderRow>(NEXT_PAGE, this.#columns.messageKey.last ?? 0, this.pageMessages);
  }

  #add(row: OrderRow): void {
    const columns = this.#columns;
    columns.messageKey.push(row.messageKey);
    columns.sentAtMs.push(row.sentAtMs ?? NaN);
    columns.isReply.push(row.isReply);
    columns.messageId.push(numberOf(row.messageId, columns.ids));
    for (let at = 0; at < row.references.length; at += HASHED_ID_OCTETS) columns.references.push(numberOf(row.references.readUIntBE(at, HASHED_ID_OCTETS), columns.ids));
    columns.referenceEnds.push(columns.references.length);
    for (const name of ORDER_TEXTS) columns[name].push(row[name]);
  }

  /** To count what is still here takes long, so it is done again only when there is half as much more. */
  #forgetWhenMostIsGone(): boolean {
    const { length, last } = this.#columns.messageKey;
    const { here } = this.sql.get<{ here: number }>('SELECT count(*) AS here FROM mail_order WHERE message_key <= ?', last ?? 0)!;
    const isMostlyGone = here < length / 2;
    if (isMostlyGone) this.#columns = newColumns();
    this.#forgetAt = Math.max(this.pageMessages, this.#columns.messageKey.length * 1.5);
    return isMostlyGone;
  }
}

function newColumns() {
  return {
    messageKey: new Column(Uint32Array), sentAtMs: new Column(Float64Array), isReply: new Column(Uint8Array),
    messageId: new Column(Uint32Array), references: new Column(Uint32Array), referenceEnds: new Column(Uint32Array),
    /** By hash of a message id: its number; both are 0 for none. */
    ids: new Map<number, number>([[0, 0]]),
    subject: new Column(Uint32Array), from: new Column(Uint32Array), to: new Column(Uint32Array), cc: new Column(Uint32Array),
    displayFrom: new Column(Uint32Array), displayTo: new Column(Uint32Array),
  };
}

/** Of ascending keys; -1 where it is not among them. */
function placeIn(keys: ArrayLike<number>, length: number, key: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low < length && keys[low] === key ? low : -1;
}

/** Ids are numbered as they are met, so that threads are found in columns instead of by hashes. */
function numberOf(hash: number, ids: Map<number, number>): number {
  const number = ids.get(hash) ?? ids.size;
  if (number === ids.size) ids.set(hash, number);
  return number;
}
