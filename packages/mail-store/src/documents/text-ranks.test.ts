import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { Sql } from '@paloma/document-store';
import { openExampleStore } from '../test/example-store.js';
import { TextRanks } from './text-ranks.js';

const directory = temporaryDirectory();
const PAGE_TEXTS = 3;

interface Text { textKey: number; text: string }

async function withTexts(work: (sql: Sql, add: (...texts: string[]) => void) => Promise<void>): Promise<void> {
  const { documents, close } = openExampleStore(directory);
  try {
    await work(documents.sql, (...texts) => texts.forEach((text) => documents.sql.run('INSERT INTO mail_order_text (text, uses) VALUES (?, 1)', text)));
  } finally {
    close();
  }
}

const textsOf = (sql: Sql): Text[] => sql.all<Text>('SELECT text_key AS textKey, text FROM mail_order_text');

async function ranked(ranks: TextRanks, sql: Sql): Promise<string[]> {
  await ranks.catchUp();
  const texts = textsOf(sql);
  expect(new Set(texts.map(({ textKey }) => ranks.of(textKey))).size).toBe(texts.length);
  return texts.sort((left, right) => ranks.of(left.textKey) - ranks.of(right.textKey)).map(({ text }) => text);
}

test('what is new stands between its neighbours, and moves no other', () => withTexts(async (sql, add) => {
  const ranks = new TextRanks(sql, PAGE_TEXTS);
  add('M', 'C', 'X', 'E', 'Z', 'A', 'Q');
  expect(await ranked(ranks, sql)).toEqual(['A', 'C', 'E', 'M', 'Q', 'X', 'Z']);
  const before = textsOf(sql).map(({ textKey }) => [textKey, ranks.of(textKey)] as const);
  sql.run(`DELETE FROM mail_order_text WHERE text = 'E'`);
  add('D', 'ZZ', '!', 'DD');
  expect(await ranked(ranks, sql)).toEqual(['!', 'A', 'C', 'D', 'DD', 'M', 'Q', 'X', 'Z', 'ZZ']);
  for (const [textKey, rank] of before) expect(ranks.of(textKey)).toBe(rank);
}));

test('texts that always come at one place are put in order all the same', () => withTexts(async (sql, add) => {
  const ranks = new TextRanks(sql, PAGE_TEXTS);
  add('A', 'B');
  for (let length = 1; length <= 100; length += 1) {
    add(`A${'A'.repeat(100 - length)}B`);
    await ranks.catchUp();
  }
  expect(await ranked(ranks, sql)).toEqual(textsOf(sql).map(({ text }) => text).sort());
}));

test('texts that come while all are read get their place too', () => withTexts(async (sql, add) => {
  const ranks = new TextRanks(sql, PAGE_TEXTS);
  add(...Array.from({ length: 600 }, (_, index) => `S${(index * 7919) % 600}`));
  const reading = ranks.catchUp();
  add('S0 again', 'T', 'A');
  await reading;
  expect(await ranked(ranks, sql)).toEqual(textsOf(sql).map(({ text }) => text).sort());
}));
