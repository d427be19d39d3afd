// A Haraka from npm is the judge: with the same plugin, it and our host give the same reply codes and end the same connections,
// for every answer at every hook. Where we mean to differ, the difference stands here.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { HARAKA_DIRECTORY, startHaraka, type HarakaProgram } from '../test/haraka-program.js';
import { startFixture, type Fixture } from '../test/host-fixture.js';
import { Peer } from '../test/peer.js';
import { VERDICT_PLUGIN } from '../test/verdict-plugin.js';

const CODES = ['CONT', 'STOP', 'OK', 'DENY', 'DENYSOFT', 'DENYDISCONNECT', 'DENYSOFTDISCONNECT', 'DISCONNECT', 'DELAY'];
const HOOKS = ['connect_init', 'lookup_rdns', 'connect', 'ehlo', 'helo', 'capabilities', 'noop', 'vrfy', 'unrecognized_command', 'rset', 'mail', 'rcpt', 'rcpt_ok', 'data', 'data_post', 'queue', 'queue_ok', 'reset_transaction', 'quit'];
const MESSAGE = 'From: ann@peer.example\r\nSubject: hello\r\n\r\nhello\r\n.';
const TRANSACTION = ['MAIL FROM:<ann@peer.example>', 'RCPT TO:<bob@here.example>', 'DATA', MESSAGE];
const LINES = ['HELO peer.example', 'EHLO peer.example', 'NOOP', 'VRFY bob', 'WHAT is this', 'RSET', ...TRANSACTION, 'NOOP', 'QUIT'];

/** A plugin that says OK to an unknown command has answered it; this one has not. */
const hasReply = ({ hook, code }: { hook: string; code: string }): boolean => hook !== 'unrecognized_command' || code !== 'OK';
const cases = HOOKS.flatMap((hook) => CODES.map((code) => ({ hook, code }))).filter(hasReply);
/** Each case has the port of a peer of its own, so that all can be played at once. */
const portOf = (index: number): number => 10_000 + index;

let haraka: HarakaProgram;
let fixture: Fixture;
const directory = temporaryDirectory();

beforeAll(async () => {
  const verdicts = Object.fromEntries(cases.map(({ hook, code }, index) => [portOf(index), { [hook]: [code, 'as the plugin says'] }]));
  const files = {
    'plugins/verdicts.js': VERDICT_PLUGIN,
    'config/verdicts.json': JSON.stringify({ rcpt: ['OK'], queue: ['OK'], lookup_rdns: ['OK', 'mail.peer.example'], ...verdicts }),
  };
  haraka = await startHaraka(directory, ['verdicts'], files);
  fixture = await startFixture({ plugins: ['verdicts'], files, smtp: null, host: { furtherDirectories: [HARAKA_DIRECTORY] } });
}, 60_000);
afterAll(async () => {
  haraka.stop();
  await fixture.stop();
});

/** Reply codes up to the end of the connection; a refused line is not followed by those that need it. */
async function play(port: number, peerPort: number): Promise<string> {
  const peer = await Peer.connect(port, '198.51.101.10', peerPort);
  const codes = [codeOf(await peer.reply())];
  for (const line of LINES) {
    if (codes.at(-1) === 'closed') break;
    if (line === MESSAGE && codes.at(-1) !== '354') continue;
    await peer.write(`${line}\r\n`);
    codes.push(codeOf(await peer.reply()));
  }
  peer.close();
  return codes.join(' ');
}

const codeOf = (reply: string): string => (reply === 'closed' ? reply : reply.slice(0, 3));

const HARAKA_GOES_ON = `${'421 '.repeat(11)}221`;
/** What we mean to do otherwise. RFC 5321 §4.2.1: 421 says that the connection is closed, and so it is. */
const DEPARTURES = [
  { hook: 'lookup_rdns', code: 'DENYSOFT', theirs: HARAKA_GOES_ON, ours: '421 closed' },
  { hook: 'connect', code: 'DENYSOFT', theirs: HARAKA_GOES_ON, ours: '421 closed' },
];

test(`the judge and we agree on ${cases.length} answers`, async () => {
  const differences = await Promise.all(cases.map(async ({ hook, code }, index) => {
    const [theirs, ours] = await Promise.all([play(haraka.port, portOf(index)), play(fixture.port, portOf(index))]);
    return theirs === ours ? [] : [{ hook, code, theirs, ours }];
  }));
  expect(differences.flat()).toEqual(DEPARTURES);
}, 60_000);
