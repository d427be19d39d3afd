import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { ByteBudget } from './byte-budget.js';
import { withData } from './collect-data.js';

const chunks = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));
const collect = (stream: Readable, budget = new ByteBudget(100), maxMessageBytes = 50): Promise<string> =>
  withData(stream, { maxMessageBytes, budget }, async (octets) => Buffer.from(octets).toString());

describe('octets of DATA', () => {
  test('count against the budget as long as they are in use, and no longer', async () => {
    const budget = new ByteBudget(100);
    await withData(chunks('abc\r\n', 'def\r\n'), { maxMessageBytes: 50, budget }, async () => expect(budget.usedBytes).toBe(10));
    expect(budget.usedBytes).toBe(0);
  });

  test.each([
    ['over the message limit', 'x'.repeat(51), 'tooLarge'],
    ['over what the host has room for', 'x'.repeat(50), 'noRoomNow'],
    ['with a bare line feed', 'a\nb', 'bareLineEnd'],
    ['with a bare carriage return', 'a\rb', 'bareLineEnd'],
    ['that end in a bare carriage return', 'a\r', 'bareLineEnd'],
  ])('%s are refused, read to their end, and freed', async (_name, text, code) => {
    const budget = new ByteBudget(60);
    budget.tryTake(15);
    const stream = chunks(text, 'more', 'and more');
    await expect(collect(stream, budget)).rejects.toMatchObject({ code });
    expect(stream.readableEnded).toBe(true);
    expect(budget.usedBytes).toBe(15);
  });

  test('are freed when their use fails or the stream breaks', async () => {
    const budget = new ByteBudget(100);
    await expect(withData(chunks('abc'), { maxMessageBytes: 50, budget }, () => Promise.reject(new Error('use')))).rejects.toThrow('use');
    const broken = new Readable({ read() { this.push('abc'); this.destroy(new Error('broken')); } });
    await expect(collect(broken, budget)).rejects.toThrow('broken');
    expect(budget.usedBytes).toBe(0);
  });

  test('a line end cut between two chunks is whole', async () => {
    expect(await collect(chunks('a\r', '\nb'))).toBe('a\r\nb');
  });
});
