import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const generate = fileURLToPath(new URL('../../../../tools/sync-vectors/generate.mjs', import.meta.url));

test('the vectors in the repository are those that the code makes', async () => {
  const { stderr } = await promisify(execFile)(process.execPath, ['--conditions=paloma-device', generate, '--check']);
  expect(stderr).toBe('');
}, 30_000);
