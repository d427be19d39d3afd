// However a message is cut into chunks, and the dialogue into packets, the same message comes out.

import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { fc, property, type SmtpConversation } from '@paloma/test-kit';
import { ListenerFixture } from '../test/listener-fixture.js';

const MAX_BYTES = 10_000;
const ENVELOPE = 'MAIL FROM:<a@outside.example>\r\nRCPT TO:<b@here.example>\r\n';

let fixture: ListenerFixture;
let conversation: SmtpConversation;
beforeAll(async () => {
  fixture = await ListenerFixture.start({ size: MAX_BYTES });
  conversation = await fixture.connect();
});
afterAll(() => fixture.stop());

/** What a parser could mistake for something else. */
const PIECES = ['\r\n', '\n', '\r', '.', '..', '\r\n.\r\n', 'QUIT\r\n', 'BDAT 3 LAST\r\n', 'RSET\r\n', 'text', '\0', '\xff', 'x'.repeat(200)];
const message = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

/** The whole, cut at these parts of its length; a piece may be empty. */
function cutAt(text: string, parts: readonly number[]): string[] {
  const places = [0, ...parts.map((part) => Math.round(part * text.length)).toSorted((one, other) => one - other), text.length];
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}

property('a message is the same however it is cut into chunks and packets', fc.record({ message, chunkCuts: cuts, packetCuts: cuts, endsEmpty: fc.boolean() }), async ({ message: text, chunkCuts, packetCuts, endsEmpty }) => {
  const chunks = [...cutAt(text, chunkCuts), ...(endsEmpty ? [''] : [])];
  const dialogue = ENVELOPE + chunks.map((chunk, index) => `BDAT ${chunk.length}${index === chunks.length - 1 ? ' LAST' : ''}\r\n${chunk}`).join('');
  for (const packet of cutAt(`${dialogue}NOOP\r\n`, packetCuts)) {
    conversation.socket.send(Buffer.from(packet, 'latin1'));
    await setImmediate();
  }
  await conversation.run(`S: 250 2.1.0 …\nS: 250 2.1.5 …\n${chunks.slice(1).map(() => 'S: 250 2.0.0 …\n').join('')}S: 250 2.6.0 taken\nS: 250 2.0.0 OK`);
  expect(fixture.messages.pop()).toBe(text);
});

property('chunks that nobody wants are the same number of refusals, and nothing else', fc.record({ chunks: fc.array(message, { minLength: 1, maxLength: 8 }), packetCuts: cuts }), async ({ chunks, packetCuts }) => {
  const dialogue = chunks.map((chunk) => `BDAT ${chunk.length} LAST\r\n${chunk}`).join('');
  for (const packet of cutAt(`${dialogue}NOOP\r\n`, packetCuts)) {
    conversation.socket.send(Buffer.from(packet, 'latin1'));
    await setImmediate();
  }
  await conversation.run(`${chunks.map(() => 'S: 503 5.5.1 …\n').join('')}S: 250 2.0.0 OK`);
});
