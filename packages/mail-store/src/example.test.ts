import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';

const directory = temporaryDirectory();

async function run(example: string): Promise<string> {
  const path = fileURLToPath(new URL(`../examples/${example}.ts`, import.meta.url));
  return (await promisify(execFile)(process.execPath, ['--conditions=paloma-device', path, directory])).stdout;
}

test('the example that lists files a message and finds it, and finds it again the next time', async () => {
  expect(await run('list-and-append')).toMatch(/^changed: inbox\nchanged: inbox\n1 about roses; the newest:\n\S+ \d+ octets \[\$flagged\] Water the roses\.\n$/);
  expect(await run('list-and-append')).toContain('2 about roses');
}, 30_000);

test('the example that sends answers the newest mail', async () => {
  expect(await run('list-and-send')).toBe('Bob: Grüße (Shall we meet?); bob@example.net: noKey\nGladly, at noon. -> bob@example.net: waiting (pending)\n');
}, 30_000);
