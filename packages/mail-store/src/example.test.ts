import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';

const directory = temporaryDirectory();
const example = fileURLToPath(new URL('../examples/list-and-append.ts', import.meta.url));
const run = async (): Promise<string> => (await promisify(execFile)(process.execPath, ['--conditions=paloma-device', example, directory])).stdout;

test('the example files a message and finds it, and finds it again the next time', async () => {
  expect(await run()).toMatch(/^changed: inbox\nchanged: inbox\n1 about roses; the newest:\n\S+ \d+ octets \[\$flagged\] Water the roses\.\n$/);
  expect(await run()).toContain('2 about roses');
}, 30_000);
