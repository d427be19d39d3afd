// What sorting and threading know of the messages of an account, side by side in memory: about 7 MB for 100,000 messages, shared by
// all sessions and read when the first of them asks. Messages never change and their keys ascend, so what is new stands behind
// what is here; what is gone stays until it would be half.

import { setImmediate } from 'node:timers/promises';
import type { Sql } from '@paloma/document-store';
import { ORDER_TEXTS, type OrderText } from '../order/read-message-order.js';
import type { OrderProperty, ThreadFacts } from '../port/index.js';
import { HASHED_ID_OCTETS, ORDER_TEXT_COLUMNS } from './message-order.js';
import { Column } from './column.js';

/** Read in one turn of the event loop; about 10 ms. */
const PAGE_MESSAGES = 2000;
const NEXT_PAGE = `SELECT message_key AS messageKey, sent_at_ms AS sentAtMs, is_reply AS isReply, message_id_hash AS messageId, reference_hashes AS "references",
  ${ORDER_TEXTS.map((name) => `${ORDER_TEXT_COLUMNS[name]} AS "${name}"`).join(', ')} FROM mail_order WHERE message_key > ? ORDER BY message_key LIMIT ?`;

type OrderRow = Record<OrderText, number> & { messageKey: number; sentAtMs: number | null; isReply: number; messageId: number; references: Buffer };

export class OrderColumns {
  #columns = newColumns();
  #catchingUp: Promise<void> | null = null;
  /** Of each text by its key, its place among all that were there when `#rankedThrough` was the newest; 0 for no text. */
  #ranks = new Uint32Array(1);
  #rankedThrough = 0;

  constructor(private readonly sql: Sql, private readonly pageMessages = PAGE_MESSAGES) {}

  async orderBy(property: OrderProperty, messageKeys: ArrayLike<number>): Promise<Float64Array> {
    const places = await this.#placesOf(messageKeys);
    if (property === 'sent') return this.#columns.sentAtMs.at(places, NaN);
    const ranks = this.#currentRanks();
    return this.#columns[property].at(places, 0).map((textKey) => ranks[textKey] ?? 0);
  }

  async threadFacts(messageKeys: ArrayLike<number>): Promise<ThreadFacts> {
    const places = await this.#placesOf(messageKeys);
    const { sentAtMs, subject, isReply, messageId, references, referenceEnds } = this.#columns;
    const answered = new Column(Float64Array);
    const ends = new Uint32Array(places.length);
    places.forEach((place, index) => {
      if (place >= 0) answered.copy(references, place === 0 ? 0 : referenceEnds.values[place - 1]!, referenceEnds.values[place]!);
      ends[index] = answered.length;
    });
    return {
      sentAtMs: sentAtMs.at(places, NaN), subjects: subject.at(places, 0), isReply: Uint8Array.from(isReply.at(places, 0)),
      messageIds: messageId.at(places, 0), references: answered.values.subarray(0, answered.length), referenceEnds: ends,
    };
  }

  /** Where each message stands in the columns; -1 for one that is not known. Keys that ascend are found side by side. */
  async #placesOf(messageKeys: ArrayLike<number>): Promise<Int32Array> {
    await this.#catchUp();
    const { messageKey: { values: keys, length } } = this.#columns;
    let next = 0;
    return Int32Array.from(messageKeys, (key) => {
      const place = next < length && keys[next] === key ? next : placeIn(keys, length, key);
      next = place + 1;
      return place;
    });
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readNew().finally(() => { this.#catchingUp = null; });
    return this.#catchingUp;
  }

  async #readNew(): Promise<void> {
    for (let page = this.#nextPage(); page.length > 0; page = this.#nextPage()) {
      for (const row of page) this.#add(row);
      this.#forgetWhenMostIsGone();
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
    columns.messageId.push(row.messageId);
    for (let at = 0; at < row.references.length; at += HASHED_ID_OCTETS) columns.references.push(row.references.readUIntBE(at, HASHED_ID_OCTETS));
    columns.referenceEnds.push(columns.references.length);
    for (const name of ORDER_TEXTS) columns[name].push(row[name]);
  }

  #forgetWhenMostIsGone(): void {
    const { length } = this.#columns.messageKey;
    if (length <= this.pageMessages) return;
    const { here } = this.sql.get<{ here: number }>('SELECT count(*) AS here FROM mail_order WHERE message_key <= ?', this.#columns.messageKey.last ?? 0)!;
    if (here < length / 2) this.#columns = newColumns();
  }

  /** Texts come with new messages, and a new one moves the places of others. */
  #currentRanks(): Uint32Array {
    const newest = this.sql.get<{ newest: number | null }>('SELECT max(text_key) AS newest FROM mail_order_text')?.newest ?? 0;
    if (newest <= this.#rankedThrough) return this.#ranks;
    this.#ranks = new Uint32Array(newest + 1);
    this.#rankedThrough = newest;
    let rank = 0;
    for (const { textKey } of this.sql.iterate<{ textKey: number }>('SELECT text_key AS textKey FROM mail_order_text ORDER BY text')) this.#ranks[textKey] = rank += 1;
    return this.#ranks;
  }
}

function newColumns() {
  return {
    messageKey: new Column(Uint32Array), sentAtMs: new Column(Float64Array), isReply: new Column(Uint8Array),
    messageId: new Column(Float64Array), references: new Column(Float64Array), referenceEnds: new Column(Uint32Array),
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
