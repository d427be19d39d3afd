import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ByteBudget } from './byte-budget.js';
import { withData } from './collect-data.js';

const KIB = 1024;
const LARGE = 'x'.repeat(100 * KIB);
const MAX_BYTES = 200 * KIB;

const chunks = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));

function collect(stream: Readable, budget = new ByteBudget(MAX_BYTES), announcedBytes: number | null = null, use: (text: string) => Promise<string> = async (text) => text): Promise<string> {
  return withData(stream, { maxMessageBytes: MAX_BYTES, announcedBytes, budget }, (octets) => use(Buffer.from(octets).toString()));
}

describe('octets of DATA', () => {
  test.each([
    ['their number, once it is known', LARGE, null, 100 * KIB],
    ['what was announced, when that was right', LARGE, 100 * KIB, 100 * KIB],
    ['nothing for a small message', 'abc\r\n', null, 0],
  ])('take of the budget %s, as long as they are in use', async (_name, text, announced, takenBytes) => {
    const budget = new ByteBudget(MAX_BYTES);
    await collect(chunks(text), budget, announced, async () => String(expect(budget.usedBytes).toBe(takenBytes)));
    expect(budget.usedBytes).toBe(0);
  });

  test.each([
    ['over the message limit', ['x'.repeat(MAX_BYTES), 'x'], 'tooLarge'],
    ['with a bare line feed', ['a\nb'], 'bareLineEnd'],
    ['with a bare carriage return', ['a\rb'], 'bareLineEnd'],
    ['that end in a bare carriage return', ['a\r'], 'bareLineEnd'],
  ])('%s are refused, read to their end, and freed', async (_name, texts, code) => {
    const budget = new ByteBudget(MAX_BYTES + 15);
    budget.tryTake(15);
    const stream = chunks(...texts, 'more', 'and more');
    await expect(collect(stream, budget)).rejects.toMatchObject({ code });
    expect(stream.readableEnded).toBe(true);
    expect(budget.usedBytes).toBe(15);
  });

  test('are freed when their use fails or the stream breaks', async () => {
    const budget = new ByteBudget(MAX_BYTES);
    await expect(collect(chunks(LARGE), budget, null, () => Promise.reject(new Error('use')))).rejects.toThrow('use');
    const broken = new Readable({ read() { this.push(LARGE); this.destroy(new Error('broken')); } });
    await expect(collect(broken, budget)).rejects.toThrow('broken');
    expect(budget.usedBytes).toBe(0);
  });

  test('a line end cut between two chunks is whole', async () => {
    expect(await collect(chunks('a\r', '\nb'))).toBe('a\r\nb');
  });
});

describe('a large message for which there is no room', () => {
  test('waits, unread, until there is; a small one does not', async () => {
    const budget = new ByteBudget(MAX_BYTES);
    budget.tryTake(MAX_BYTES - 1);
    const stream = chunks(LARGE, LARGE);
    const collected = collect(stream, budget, 2 * LARGE.length);
    expect(await collect(chunks('small'), budget)).toBe('small');
    await setImmediate();
    expect(stream.readableEnded).toBe(false);
    budget.giveBack(MAX_BYTES - 1);
    expect(await collected).toHaveLength(2 * LARGE.length);
  });

  test('has room for all of it before it is read on: many at once never wait for each other', async () => {
    const budget = new ByteBudget(MAX_BYTES + KIB);
    const many = Array.from({ length: 10 }, (_message, index) => collect(chunks(LARGE, LARGE), budget, index % 2 === 0 ? 2 * LARGE.length : null));
    expect((await Promise.all(many)).map(({ length }) => length)).toEqual(many.map(() => 2 * LARGE.length));
    expect(budget.usedBytes).toBe(0);
  });

  test('that is larger than was announced is put off when the rest does not fit', async () => {
    const budget = new ByteBudget(MAX_BYTES);
    budget.tryTake(MAX_BYTES - LARGE.length);
    await expect(collect(chunks(LARGE, 'more'), budget, 70 * KIB)).rejects.toMatchObject({ code: 'noRoomNow' });
    expect(budget.usedBytes).toBe(MAX_BYTES - LARGE.length);
  });
});

describe('the budget', () => {
  test('serves who waits in order, and goes on after one who gave up', async () => {
    const budget = new ByteBudget(10);
    await budget.take(8, 1000);
    const order: string[] = [];
    const impatient = budget.take(9, 1).then((isTaken) => order.push(`impatient ${isTaken}`));
    const second = budget.take(2, 60_000).then((isTaken) => order.push(`second ${isTaken}`));
    await Promise.all([impatient, second]);
    expect(order).toEqual(['impatient false', 'second true']);
    expect(budget.usedBytes).toBe(10);
  });
});
