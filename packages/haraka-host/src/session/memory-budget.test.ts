import { expect, test } from '@jest/globals';
import { startFixture } from '../test/host-fixture.js';

test('octets of a message count against the budget until its reply, and what does not fit is put off', async () => {
  let usedBytes = 0;
  const budget = {
    tryTake: (sizeBytes: number) => {
      if (usedBytes + sizeBytes > 1000) return false;
      usedBytes += sizeBytes;
      return true;
    },
    giveBack: (sizeBytes: number) => {
      usedBytes -= sizeBytes;
    },
  };
  const used: number[] = [];
  const watcher = 'exports.hook_data_post = (next) => { server.note(); next(); };';
  const fixture = await startFixture({ plugins: ['watcher'], files: { 'plugins/watcher.js': watcher }, host: { budget, server: { note: () => used.push(usedBytes) } } });
  const peer = await fixture.connect();
  await peer.run('S: 220 mx.example ESMTP\nC: EHLO peer.example\nS: 250-mx…');
  const transaction = 'C: MAIL FROM:<a@peer.example>\nS: 250 …\nC: RCPT TO:<b@here.example>\nS: 250 …\nC: DATA\nS: 354 …';
  await peer.run(`${transaction}\nC: A: b\\r\\n\\r\\n${'x'.repeat(90)}\\r\\n.\nS: 250 …`);
  await peer.run(`${transaction}\nC: A: b\\r\\n\\r\\n${'x'.repeat(2000)}\\r\\n.\nS: 452 4.3.1 …`);
  peer.close();
  await fixture.stop();
  expect(used).toEqual([100]);
  expect(usedBytes).toBe(0);
});
