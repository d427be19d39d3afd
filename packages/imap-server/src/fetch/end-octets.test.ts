// The octets of messages that have gone out are given back, and never those that are still on their way.

import { afterEach, expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { MailboxId } from '@paloma/shared-model';
import type { MessageAtHand } from '@paloma/mail-store/port';
import { OctetSocket } from '../test/octet-socket.js';
import { startServer, type RunningServer } from '../test/running-server.js';

const MESSAGES = 600;
const MESSAGE_BYTES = 40_000;
/** Far more than both ends of a connection hold of it. */
const MESSAGE = (index: number): Buffer => Buffer.concat([Buffer.from(`Subject: ${index}\r\n\r\n`), Buffer.alloc(MESSAGE_BYTES, `message ${index}, `)]);

interface Watched { server: RunningServer; client: OctetSocket; handedOut: MessageAtHand[] }

const watched: Watched[] = [];
afterEach(async () => {
  for (const { server, client } of watched.splice(0)) {
    client.close();
    await server.close();
    expect(server.bugs).toEqual([]);
  }
});

async function startWithMessages(): Promise<Watched> {
  const server = await startServer();
  const store = server.gateway.storeOf('alice');
  await store.appendAll(Array.from({ length: MESSAGES }, (_, index) => ({ octets: MESSAGE(index), mailboxIds: ['inbox' as MailboxId] })));
  const handedOut: MessageAtHand[] = [];
  const getMessagesAtHand = store.getMessagesAtHand.bind(store);
  store.getMessagesAtHand = async (...asked) => {
    const answer = await getMessagesAtHand(...asked);
    handedOut.push(...answer.values());
    return answer;
  };
  const client = await OctetSocket.logIn(server.port);
  await client.command('SELECT INBOX');
  watched.push({ server, client, handedOut });
  return watched.at(-1)!;
}

const isEnded = ({ headerBlock, body }: MessageAtHand): boolean => [headerBlock, ...body].every(({ buffer }) => (buffer as ArrayBuffer).detached);

test('what has gone out is ended', async () => {
  const { client, handedOut } = await startWithMessages();
  const { literals } = await client.command('FETCH 1:* (BODY.PEEK[] BODY.PEEK[TEXT]<0.100>)');
  expect(literals.every((octets, place) => place % 2 === 1 || octets.equals(MESSAGE(place / 2)))).toBe(true);
  expect((await client.command('FETCH 7 (BODY.PEEK[])')).literals.map((octets) => octets.equals(MESSAGE(6)))).toEqual([true]);
  expect(literals).toHaveLength(2 * MESSAGES);
  // The last few may wait for more to be sent with.
  expect(handedOut.slice(0, MESSAGES - 2).every(isEnded)).toBe(true);
});

test('a reader that stops in between gets every octet when it goes on', async () => {
  const { client, handedOut } = await startWithMessages();
  client.socket.pause();
  const answer = client.command('FETCH 1:* (BODY.PEEK[])');
  let seen = -1;
  for (let turns = 0; turns < 100; turns += 1) {
    if (handedOut.length > seen) [seen, turns] = [handedOut.length, 0];
    await setImmediate();
  }
  expect(handedOut.length).toBeLessThan(MESSAGES);
  expect(handedOut.filter((message) => !isEnded(message)).length).toBeGreaterThan(0);
  client.socket.resume();
  expect((await answer).literals.map((octets, index) => octets.equals(MESSAGE(index)))).toEqual(Array.from({ length: MESSAGES }, () => true));
});
