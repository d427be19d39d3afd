// Chunks that are meant to harm: none reaches a handler as a message, is taken for a command, or keeps the server busy.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { processorMs, type SmtpConversation } from '@paloma/test-kit';
import { ListenerFixture } from '../test/listener-fixture.js';

const BOB = 'bob@here.example';
/** More than a socket reads at once. */
const TINY_CHUNKS = 8_000;
/** Measured: 0.6 s, four times what as many NOOP take. */
const MAX_TINY_CHUNKS_MS = 15_000;

let fixture: ListenerFixture;
beforeEach(async () => {
  fixture = await ListenerFixture.start({ size: 1_000_000 });
});
afterEach(() => fixture.stop());

async function stillServes(): Promise<void> {
  await (await fixture.connect(BOB)).run('C: BDAT 1 LAST\nO: x\nS: 250 2.6.0 taken');
  expect(fixture.messages).toEqual(['x']);
}

const readToEnd = async ({ socket }: SmtpConversation): Promise<string[]> => {
  const lines: string[] = [];
  for (let line = await socket.readLine(); line !== null; line = await socket.readLine()) lines.push(line);
  return lines;
};

test.each([
  ['no size', ''], ['a word', ' LAST'], ['a negative size', ' -1 LAST'], ['another notation', ' 1e3'], ['another base', ' 0x5'], ['more than there are octets', ' 99999999999999999999'], ['endless digits', ` ${'9'.repeat(10_000)}`],
])('BDAT with %s: nobody knows how long the chunk is, so nothing behind it is obeyed', async (_what, rest) => {
  const conversation = await fixture.connect(BOB);
  conversation.socket.send(`BDAT${rest}\r\nRSET\r\nNOOP\r\n`);
  expect(await readToEnd(conversation)).toEqual([expect.stringMatching(/^501 5\.5\.4 /)]);
  await stillServes();
});

test('a size that nobody can send reserves nothing, and a client that leaves in its chunk leaves no message', async () => {
  const first = await fixture.connect(BOB);
  first.socket.send('BDAT 999999999999999 LAST\r\nsome of it');
  first.socket.socket.end();
  await fixture.abandonments(1);
  await stillServes();
});

test('a message without a last chunk is none', async () => {
  const conversation = await fixture.connect(BOB);
  await conversation.run('C: BDAT 3\nO: one\nS: 250 …');
  conversation.socket.close();
  await fixture.abandonments(1);
  await stillServes();
});

describe('a client that says no more', () => {
  test.each([
    ['in a chunk', 'C: BDAT 6\nO: one', 'S: 421 …'],
    ['between two', 'C: BDAT 3\nO: one\nS: 250 …', 'S: 421 …'],
  ])('%s is sent away', async (_when, said, reply) => {
    await fixture.stop();
    fixture = await ListenerFixture.start({ socketTimeout: 1_000 });
    await (await fixture.connect(BOB)).run(`${said}\n${reply}`);
    await fixture.abandonments(1);
  });
});

test.each([
  ['wanted', [BOB], '250 2.0.0'],
  ['unwanted', [], '503 5.5.1'],
])('tiny chunks by the thousand, %s, are no deep stack and no endless work', async (_how, forwardPaths, reply) => {
  const conversation = await fixture.connect(...forwardPaths);
  const startMs = processorMs();
  conversation.socket.send(`${'BDAT 1\r\nx'.repeat(TINY_CHUNKS)}QUIT\r\n`);
  const replies = await readToEnd(conversation);
  expect(replies.filter((line) => line.startsWith(reply))).toHaveLength(TINY_CHUNKS);
  expect(processorMs() - startMs).toBeLessThan(MAX_TINY_CHUNKS_MS);
}, 60_000);
