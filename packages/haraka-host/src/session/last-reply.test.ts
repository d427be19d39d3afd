// What plugins are shown of the last reply is what the peer has read, in a Haraka from npm as in our host.

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { startHaraka, type HarakaProgram } from '../test/haraka-program.js';
import { startFixture, type Fixture } from '../test/host-fixture.js';
import { Peer } from '../test/peer.js';

/** Tells at NOOP, and refuses a sender in two lines. */
const FILES = {
  'plugins/teller.js': `
exports.hook_noop = (next, connection) => next(DENY, JSON.stringify([connection.last_response, connection.last_reject]));
exports.hook_mail = (next) => next(DENY, '5.7.1 not\\n5.7.1 you');
`,
};
const directory = temporaryDirectory();
let haraka: HarakaProgram;
let fixture: Fixture;
beforeAll(async () => {
  haraka = await startHaraka(directory, ['teller'], FILES);
  fixture = await startFixture({ plugins: ['teller'], files: FILES });
}, 60_000);
let peer: Peer;
afterEach(() => peer.close());
afterAll(async () => {
  haraka.stop();
  await fixture.stop();
});

describe.each<[string, () => number]>([['Haraka', () => haraka.port], ['our host', () => fixture.port]])('%s', (_name, port) => {
  test('shows the last reply as it went out, and the last refusal in one line', async () => {
    peer = await Peer.connect(port());
    const shown = async (): Promise<[string, string]> => JSON.parse((await peer.say('NOOP')).replace(/^500 (?:5\.7\.1 )?/, '')) as [string, string];
    const asWritten = (reply: string): string => `${reply.replaceAll(' | ', '\r\n')}\r\n`;
    expect(await peer.reply()).toMatch(/^220 /);
    const greeted = await peer.say('EHLO peer.example');
    expect(await shown()).toEqual([asWritten(greeted), '']);
    await peer.say('RSET');
    const refused = await peer.say('MAIL FROM:<ann@peer.example>');
    expect(await shown()).toEqual([asWritten(refused), '550 5.7.1 not 5.7.1 you']);
  });
});
