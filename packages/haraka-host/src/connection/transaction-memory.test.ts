import { expect, test } from '@jest/globals';
import { startFixture } from '../test/host-fixture.js';

/** Haraka's streams go to a file in /tmp from 25 MiB on, unless they are told not to. */
const LARGE_BYTES = 26 * 1024 * 1024;

test('a message is in memory alone, however large', async () => {
  const heard: unknown[] = [];
  const watcher = 'exports.hook_data_post = (next, { transaction }) => { const { spooling, bytes_read } = transaction.message_stream; server.heard.push(spooling, bytes_read > 26e6); next(); };';
  const fixture = await startFixture({ plugins: ['watcher'], files: { 'plugins/watcher.js': watcher }, host: { server: { heard } } });
  const peer = await fixture.connect();
  await peer.run(`
    S: 220 mx.example ESMTP
    C: EHLO peer.example
    S: 250-mx…
    C: MAIL FROM:<a@peer.example>
    S: 250 …
    C: RCPT TO:<b@here.example>
    S: 250 …
    C: DATA
    S: 354 …`);
  await peer.write(`Subject: large\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(LARGE_BYTES / 1000)}.\r\n`);
  expect(await peer.reply()).toBe('250 2.6.0 delivered');
  peer.close();
  await fixture.stop();
  expect(heard).toEqual([false, true]);
  expect(fixture.delivered[0]!.length).toBeGreaterThan(26e6);
});
