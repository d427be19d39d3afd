// What each answer of a plugin means at each step of a session, seen from the wire.

import { afterEach, describe, expect, test } from '@jest/globals';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';
import { VERDICT_PLUGIN } from '../test/verdict-plugin.js';

const GREETING = '';
const MESSAGE = 'Subject: hello\r\n\r\nhello\r\n.';
const SESSION = [GREETING, 'EHLO peer.example', 'NOOP', 'VRFY bob', 'WHAT is this', 'MAIL FROM:<ann@peer.example>', 'RCPT TO:<bob@here.example>', 'DATA', MESSAGE, 'QUIT'];

let fixture: Fixture;
let heard: string[];
afterEach(() => fixture.stop());

async function start(verdicts: Record<string, [string, string?]>, more: Partial<FixtureInput> = {}): Promise<void> {
  heard = [];
  fixture = await startFixture({
    plugins: ['verdicts'],
    ...more,
    files: { 'plugins/verdicts.js': VERDICT_PLUGIN, 'config/verdicts.json': JSON.stringify(verdicts), ...more.files },
    host: { server: { heard } },
  });
}

/** The replies to these lines, up to the end of the connection. */
async function play(lines: readonly string[]): Promise<string[]> {
  const peer = await fixture.connect('198.51.101.10');
  const replies: string[] = [];
  for (const line of lines) {
    if (line !== GREETING) await peer.write(`${line}\r\n`);
    replies.push(await peer.reply());
    if (replies.at(-1) === 'closed') break;
  }
  peer.close();
  return replies;
}

test('a session runs the hooks in this order', async () => {
  await start({});
  expect((await play(SESSION)).map((reply) => reply.slice(0, 3))).toEqual(['220', '250', '250', '252', '500', '250', '250', '354', '250', '221']);
  await fixture.stop();
  expect(heard).toEqual([
    'init_master', 'connect_init', 'lookup_rdns', 'connect', 'ehlo', 'capabilities', 'noop', 'vrfy', 'unrecognized_command',
    'mail', 'rcpt', 'rcpt_ok', 'data', 'data_post', 'queue', 'queue_ok', 'reset_transaction', 'quit', 'disconnect',
  ]);
});

test('RSET and HELO end a transaction, and a client that leaves ends it too', async () => {
  await start({});
  await play([GREETING, 'HELO peer.example', 'MAIL FROM:<ann@peer.example>', 'RSET', 'MAIL FROM:<ann@peer.example>', 'HELO peer.example', 'MAIL FROM:<ann@peer.example>']);
  await fixture.stop();
  expect(heard.filter((hook) => ['rset', 'reset_transaction', 'disconnect'].includes(hook))).toEqual(['rset', 'reset_transaction', 'reset_transaction', 'reset_transaction', 'disconnect']);
});

describe('a refusal', () => {
  const AGAIN = ['NOOP'];   // shows whether the connection is still there
  const UP_TO_DATA = SESSION.slice(0, 8).filter((line) => !/NOOP|VRFY|WHAT/.test(line));
  const rows: [hook: string, code: string, lines: string[], reply: string, next: string][] = [
    ['lookup_rdns', 'DENY', [GREETING], '554 no', '554 no'],
    ['connect', 'DENY', [GREETING], '554 no', '554 no'],
    ['connect', 'DENYSOFT', [GREETING], '421 no', 'closed'],
    ['connect', 'DENYDISCONNECT', [GREETING], '554 no', 'closed'],
    ['connect', 'DENYSOFTDISCONNECT', [GREETING], '421 no', 'closed'],
    ['connect', 'DISCONNECT', [GREETING], '554 no', 'closed'],
    ['ehlo', 'DENY', [GREETING, 'EHLO peer.example'], '550 no', '250 2.0.0 OK'],
    ['ehlo', 'DENYSOFT', [GREETING, 'EHLO peer.example'], '450 no', '250 2.0.0 OK'],
    ['helo', 'DENYDISCONNECT', [GREETING, 'HELO peer.example'], '550 no', 'closed'],
    ['noop', 'DENY', [GREETING, 'NOOP'], '500 5.7.1 no', '500 5.7.1 no'],
    ['vrfy', 'DENYSOFT', [GREETING, 'VRFY bob'], '450 4.7.1 no', '250 2.0.0 OK'],
    ['unrecognized_command', 'DENY', [GREETING, 'WHAT'], '500 5.7.1 no', '250 2.0.0 OK'],
    ['unrecognized_command', 'DENYDISCONNECT', [GREETING, 'WHAT'], '521 5.7.1 no', 'closed'],
    ['unrecognized_command', 'DENYSOFTDISCONNECT', [GREETING, 'WHAT'], '421 4.7.1 no', 'closed'],
    ['mail', 'DENY', UP_TO_DATA.slice(0, 3), '550 5.7.1 no', '250 2.0.0 OK'],
    ['mail', 'DENYSOFT', UP_TO_DATA.slice(0, 3), '450 4.7.1 no', '250 2.0.0 OK'],
    ['mail', 'DENYDISCONNECT', UP_TO_DATA.slice(0, 3), '550 5.7.1 no', 'closed'],
    ['rcpt', 'DENY', UP_TO_DATA.slice(0, 4), '550 5.7.1 no', '250 2.0.0 OK'],
    ['rcpt', 'DENYSOFTDISCONNECT', UP_TO_DATA.slice(0, 4), '450 4.7.1 no', 'closed'],
    ['rcpt_ok', 'DENYSOFT', UP_TO_DATA.slice(0, 4), '450 4.7.1 no', '250 2.0.0 OK'],
    ['data', 'DENY', UP_TO_DATA, '554 5.7.1 no', '250 2.0.0 OK'],
    ['data', 'DENYSOFT', UP_TO_DATA, '451 4.7.1 no', '250 2.0.0 OK'],
    ['data_post', 'DENY', [...UP_TO_DATA, MESSAGE], '550 5.7.1 no', '250 2.0.0 OK'],
    ['data_post', 'DENYSOFT', [...UP_TO_DATA, MESSAGE], '450 4.7.1 no', '250 2.0.0 OK'],
    ['data_post', 'DENYDISCONNECT', [...UP_TO_DATA, MESSAGE], '550 5.7.1 no', 'closed'],
    ['queue', 'DENY', [...UP_TO_DATA, MESSAGE], '550 5.7.1 no', '250 2.0.0 OK'],
    ['queue', 'DENYSOFT', [...UP_TO_DATA, MESSAGE], '450 4.7.1 no', '250 2.0.0 OK'],
  ];

  test.each(rows)('%s %s', async (hook, code, lines, reply, next) => {
    await start({ [hook]: [code, 'no'] });
    const replies = await play([...lines, ...AGAIN]);
    expect(replies.slice(-2)).toEqual([reply, next]);
    expect(heard.includes('deny')).toBe(code !== 'DISCONNECT');
    expect(fixture.delivered).toEqual([]);
  });

  test.each(rows.filter(([, code]) => code !== 'DISCONNECT'))('%s %s is taken back by a deny hook that says OK', async (hook, code, lines) => {
    await start({ [hook]: [code, 'no'], deny: ['OK'] });
    const [reply] = (await play(lines)).slice(-1);
    expect(reply).toMatch(hook === 'unrecognized_command' ? /^500 5\.5\.2 / : /^(?:2|354)/);
  });
});

describe('anything but a refusal lets the client go on', () => {
  test.each(['CONT', 'STOP', 'OK', 'DELAY'])('%s at mail', async (code) => {
    await start({ mail: [code] });
    expect((await play([GREETING, 'EHLO peer.example', 'MAIL FROM:<ann@peer.example>'])).at(-1)).toBe('250 2.1.0 Accepted');
  });

  test.each([
    ['connect', 'OK', [GREETING], '220 mx.example ESMTP yes'],
    ['mail', 'OK', SESSION.slice(0, 6), '250 2.1.0 yes'],
    ['rcpt', 'OK', SESSION.slice(0, 7), '250 2.1.5 yes'],
    ['rcpt_ok', 'OK', SESSION.slice(0, 7), '250 2.1.5 yes'],
    ['queue', 'OK', SESSION.slice(0, 9), '250 2.6.0 yes'],
    ['vrfy', 'OK', SESSION.slice(0, 4), '250 2.0.0 yes'],
    ['quit', 'OK', [GREETING, 'QUIT'], '221 2.0.0 yes'],
  ] as const)('%s %s, and its message is the reply', async (hook, code, lines, reply) => {
    await start({ [hook]: [code, 'yes'] });
    expect((await play(lines)).at(-1)).toBe(reply);
  });
});

describe('a program without handlers of its own', () => {
  const UP_TO_RCPT = SESSION.slice(0, 7);

  test.each([
    ['CONT', '550 5.1.1 I cannot deliver mail for <bob@here.example>'],
    ['STOP', '550 5.1.1 I cannot deliver mail for <bob@here.example>'],
    ['OK', '250 2.1.5 Accepted'],
  ])('needs a plugin to say OK to a recipient: %s', async (code, reply) => {
    await start({ rcpt: [code] }, { smtp: null });
    expect((await play(UP_TO_RCPT)).at(-1)).toBe(reply);
  });

  test.each([
    ['CONT', '451 4.3.0 nobody takes mail over here now, try later'],
    ['OK', '250 2.6.0 queued'],
  ])('needs a plugin to take the message over: %s', async (code, reply) => {
    await start({ rcpt: ['OK'], queue: [code] }, { smtp: null });
    expect((await play(SESSION.slice(0, 9))).at(-1)).toBe(reply);
  });
});

test.each([
  ['nothing', undefined, '552 5.3.4 message is too large'],
  ['DENY', 'DENY', '550 5.7.1 no'],
  ['DENYSOFT', 'DENYSOFT', '450 4.7.1 no'],
])('a message over the limit is refused in any case, whatever a plugin says: %s', async (_name, code, reply) => {
  await start(code === undefined ? {} : { max_data_exceeded: [code, 'no'] }, { smtp: { size: 1000 } });
  const replies = await play([...SESSION.slice(0, 8), `Subject: long\r\n\r\n${'x'.repeat(998)}\r\n.`, 'NOOP']);
  expect(replies.slice(-2)).toEqual([reply, '250 2.0.0 OK']);
  expect(heard).toContain('max_data_exceeded');
  expect(heard).not.toContain('data_post');
});
