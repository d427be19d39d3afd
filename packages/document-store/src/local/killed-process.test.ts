import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { openWrittenStore } from '../test/endless-writer.js';
import { projectedNames } from '../test/name-projection.js';

const directory = temporaryDirectory();
/** As built: child processes are outside the transform of the test runner. */
const WRITER = fileURLToPath(new URL('../../dist/test/endless-writer.js', import.meta.url));

/** Kills a writer after so many commits, somewhere in the next one. Answers how many documents it had committed by its own word. */
async function writeAndKill(path: string, commits: number): Promise<number> {
  const writer = spawn(process.execPath, ['--conditions=paloma-device', WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  let written = 0;
  let seen = 0;
  for await (const line of createInterface(writer.stdout)) {
    written = Number(line);
    if (++seen === commits) writer.kill('SIGKILL');
  }
  await closed;
  return written;
}

test('a process killed in mid-write leaves a store that opens whole, with everything that was committed', async () => {
  const path = join(directory, 'store.db');
  for (const commits of [1, 7, 30]) {
    const written = await writeAndKill(path, commits);
    expect(written).toBeGreaterThan(0);
    const store = openWrittenStore(path);
    expect(store.sql.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    const names = store.list('identity').map(({ content }) => content.name).sort();
    expect(names.length).toBeGreaterThanOrEqual(written);
    expect(names.length % 20).toBe(0);
    expect(projectedNames(store.sql)).toEqual(names);
    expect(store.documents.countDirty()).toBe(names.length);
    store.close();
  }
}, 60_000);
