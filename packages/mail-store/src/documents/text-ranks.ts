// Numbers that stand to each other as the texts that RFC 5256 sorts by. They are read once, in pages; a new text then gets a number
// between those of its neighbours, which the index of the table finds, so that new mail moves no other.

import { setImmediate } from 'node:timers/promises';
import type { Sql } from '@paloma/document-store';

/** Read in one turn of the event loop; some milliseconds. */
const PAGE_TEXTS = 5000;
/** When more are new all are read anew. */
const MAX_PLACED_TEXTS = 500;
/** Between texts that are read together: halved so often until there is no number between two (2^52 would be the most). */
const GAP = 2 ** 24;

const NEXT_PAGE = 'SELECT text_key AS textKey, text FROM mail_order_text WHERE text > ? AND text_key <= ? ORDER BY text LIMIT ?';
const NEW_TEXTS = 'SELECT text_key AS textKey, text FROM mail_order_text WHERE text_key > ? ORDER BY text_key LIMIT ?';
const TEXT_BEFORE = 'SELECT text_key AS textKey FROM mail_order_text WHERE text < ? AND text_key <= ? ORDER BY text DESC LIMIT 1';
const TEXT_AFTER = 'SELECT text_key AS textKey FROM mail_order_text WHERE text > ? AND text_key <= ? ORDER BY text LIMIT 1';

export class TextRanks {
  /** By text key; 0 for no text. */
  #ranks = new Float64Array(1);
  /** Texts of keys up to this one have theirs. Keys are given once and ascend. */
  #rankedThrough = 0;
  #catchingUp: Promise<void> | null = null;

  constructor(private readonly sql: Sql, private readonly pageTexts = PAGE_TEXTS) {}

  /** Of texts that were there when `catchUp` was called. */
  of(textKey: number): number {
    return this.#ranks[textKey] ?? 0;
  }

  async catchUp(): Promise<void> {
    while (this.#newest() > this.#rankedThrough) {
      this.#catchingUp ??= this.#rankNew().finally(() => { this.#catchingUp = null; });
      await this.#catchingUp;
    }
  }

  async #rankNew(): Promise<void> {
    const texts = this.sql.all<{ textKey: number; text: string }>(NEW_TEXTS, this.#rankedThrough, MAX_PLACED_TEXTS + 1);
    if (texts.length > MAX_PLACED_TEXTS || !texts.every(({ textKey, text }) => this.#place(textKey, text))) await this.#rankAll();
  }

  /** Between its neighbours; false when there is no room. */
  #place(textKey: number, text: string): boolean {
    const [before, after] = [TEXT_BEFORE, TEXT_AFTER].map((neighbour) => this.sql.get<{ textKey: number }>(neighbour, text, this.#rankedThrough)?.textKey);
    const low = before === undefined ? 0 : this.#ranks[before]!;
    const high = after === undefined ? low + 2 * GAP : this.#ranks[after]!;
    const rank = (low + high) / 2;
    if (rank <= low || rank >= high) return false;
    this.#reserve(textKey);
    this.#ranks[textKey] = rank;
    this.#rankedThrough = textKey;
    return true;
  }

  async #rankAll(): Promise<void> {
    const newest = this.#newest();
    const ranks = new Float64Array(newest + 1);
    let rank = 0;
    for (let page = this.#page('', newest); page.length > 0; page = this.#page(page.at(-1)!.text, newest)) {
      for (const { textKey } of page) ranks[textKey] = rank += GAP;
      await setImmediate(); // other sessions have their turn
    }
    this.#ranks = ranks;
    this.#rankedThrough = newest;
  }

  #page(after: string, newest: number): { textKey: number; text: string }[] {
    return this.sql.all(NEXT_PAGE, after, newest, this.pageTexts);
  }

  #newest(): number {
    return this.sql.get<{ newest: number | null }>('SELECT max(text_key) AS newest FROM mail_order_text')?.newest ?? 0;
  }

  #reserve(textKey: number): void {
    if (textKey < this.#ranks.length) return;
    const grown = new Float64Array(Math.max(textKey + 1, this.#ranks.length * 2));
    grown.set(this.#ranks);
    this.#ranks = grown;
  }
}
