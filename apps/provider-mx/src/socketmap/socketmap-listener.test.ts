import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { testProvider } from '../test/test-provider.js';
import { formatNetstring, parseNetstrings } from './netstring.js';

const mx = testProvider({ socketmap: { bind: '127.0.0.1', port: 0 } });
let socket: Socket;
let replies: AsyncGenerator<Buffer>;

beforeEach(async () => {
  mx.services.addAccount('keyless@example.org', null);
  mx.services.addAccount('full@example.org', mx.alice.certificate);
  mx.services.accounts.get('full@example.org')!.isOverQuota = true;
  mx.services.addAccount('disabled@example.org', mx.alice.certificate);
  mx.services.accounts.get('disabled@example.org')!.isDisabled = true;
  socket = connect(mx.providerMx.ports.socketmap!, '127.0.0.1');
  await once(socket, 'connect');
  replies = parseNetstrings(socket);
});
afterEach(() => {
  socket.destroy();
  mx.services.forget();
});

async function ask(request: string): Promise<string | null> {
  socket.write(formatNetstring(request));
  const { value } = await replies.next();
  return value === undefined ? null : String(value);
}

describe('a table answers', () => {
  test.each([
    ['domains example.org', 'OK here'],
    ['domains EXAMPLE.org', 'OK here'],
    ['domains outside.example', 'NOTFOUND '],
    ['recipients alice@example.org', 'OK here'],
    ['recipients Alice@Example.ORG', 'OK here'],
    ['recipients full@example.org', 'OK here'],
    ['recipients keyless@example.org', 'OK here'],
    ['recipients nobody@example.org', 'NOTFOUND '],
    ['recipients alice@outside.example', 'NOTFOUND '],
    ['recipients @example.org', 'NOTFOUND '],
    ['recipients alice', 'NOTFOUND '],
    ['recipients ', 'NOTFOUND '],
    ['access alice@example.org', 'NOTFOUND '],
    ['access nobody@example.org', 'NOTFOUND '],
    ['access full@example.org', 'OK 452 4.2.2 mailbox is full'],
    ['recipients disabled@example.org', 'OK here'],
    ['access disabled@example.org', 'OK 450 4.2.1 mailbox is disabled, not accepting messages'],
    ['access keyless@example.org', 'OK 450 4.7.5 cannot protect a message to this mailbox now'],
    ['passwords alice@example.org', 'PERM no such table'],
    ['constructor x', 'PERM no such table'],
    ['domains', 'PERM no such table'],
  ])('%s: %s', async (request, reply) => {
    expect(await ask(request)).toBe(reply);
  });

  test.each(['internal', 'unavailable', 'unauthorized', 'foreign404'] as const)('while the services API answers "%s": later, never no', async (code) => {
    mx.services.sabotage = () => code;
    expect(await ask('recipients nobody@example.org')).toBe('TEMP provider-sync does not answer');
    expect(await ask('access nobody@example.org')).toBe('TEMP provider-sync does not answer');
    expect(await ask('domains example.org')).toBe('OK here');
  });
});

test('questions sent at once are answered in their order', async () => {
  socket.write(Buffer.concat(['recipients bob@example.org', 'recipients nobody@example.org', 'domains example.org'].map(formatNetstring)));
  const answers = [await replies.next(), await replies.next(), await replies.next()];
  expect(answers.map(({ value }) => String(value))).toEqual(['OK here', 'NOTFOUND ', 'OK here']);
});

test('who speaks something else is cut off', async () => {
  socket.write('GET / HTTP/1.1\r\n');
  expect(await replies.next()).toEqual({ done: true, value: undefined });
});
