// In a file of its own: only the first host of a process has to wait for the lists.

import { expect, test } from '@jest/globals';
import { startFixture } from '../test/host-fixture.js';

test('plugins know the endings of domain names from the beginning', async () => {
  const heard: unknown[] = [];
  const asker = 'exports.hook_init_master = (next) => { server.heard.push(require("haraka-tld").get_organizational_domain("mail.good.com")); next(); };';
  const fixture = await startFixture({ plugins: ['asker'], files: { 'plugins/asker.js': asker }, host: { server: { heard } } });
  await fixture.stop();
  expect(heard).toEqual(['good.com']);
});
