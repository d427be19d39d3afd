import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemRandom } from '@paloma/crypto/public';
import { temporaryDirectory } from '@paloma/test-kit';
import { MemoryProvider } from './provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from './test/example-account.js';
import { MemoryAccounts } from './test/memory-accounts.js';
import { memoryServer, type MemoryServer } from './test/memory-server.js';

const directory = temporaryDirectory();
const example = fileURLToPath(new URL('../examples/shared-notes.ts', import.meta.url));
const run = async (...options: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, ['--conditions=paloma-device', example, directory, ...options], { env: { ...process.env, PASSPHRASE: 'correct horse' } })).stdout;

let server: MemoryServer;
beforeAll(async () => {
  server = await memoryServer(new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: systemRandom }), new MemoryAccounts(EXAMPLE_ACCOUNT_ID));
});
afterAll(() => server.close());

const BOTH_HAVE_ALL = ['laptop', 'phone'].flatMap((name) => [`${name} has Garden: water the roses`, `${name} has Shopping: apples, bread, milk`]);

test('the example shares notes through a provider in memory', async () => {
  const lines = (await run()).trimEnd().split('\n');
  expect(lines).toContain('phone: 2 received, 0 sent, 0 merged, 0 not accepted');
  expect(lines.slice(-4).sort()).toEqual(BOTH_HAVE_ALL);
}, 30_000);

test('the example shares notes through a provider at a URL, in an account that it makes there', async () => {
  const lines = (await run(server.apiUrl, 'ana@example.org')).trimEnd().split('\n');
  expect(lines.slice(-4).sort()).toEqual(BOTH_HAVE_ALL);
}, 60_000);
