import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { BlobId } from '@paloma/shared-model';
import { temporaryDirectory } from '@paloma/test-kit';
import { BLOB_NAMESPACE, largeBlobSource, largeSealedBlob, openBlobStore } from '../test/blob-worker.js';
import { openWrittenStore } from '../test/endless-writer.js';
import { projectedNames } from '../test/name-projection.js';

const directory = temporaryDirectory();
/** As built: child processes are outside the transform of the test runner. */
const builtProgram = (name: string) => fileURLToPath(new URL(`../../dist/test/${name}.js`, import.meta.url));
const [WRITER, BLOB_WORKER] = [builtProgram('endless-writer'), builtProgram('blob-worker')];

/** Kills a program after so many steps, somewhere in the next one. Answers how far it was by its own word. */
async function runAndKill(program: string, programArguments: readonly string[], steps: number): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=paloma-device', program, ...programArguments], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let reached = 0;
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    reached = Number(line);
    if (++seen === steps) child.kill('SIGKILL');
  }
  await closed;
  return reached;
}

test('a process killed in mid-write leaves a store that opens whole, with everything that was committed', async () => {
  const path = join(directory, 'store.db');
  for (const commits of [1, 7, 30]) {
    const written = await runAndKill(WRITER, [path], commits);
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

test('a process killed in mid-eviction loses no blob that is nowhere else, and its books are right', async () => {
  const path = join(directory, 'evicted.db');
  const octetsOf = (n: number) => Buffer.alloc(20_000, `${n} `);
  const keys = new Map<string, number>();
  const full = openBlobStore(path);
  full.commit(() => {
    for (let n = 0; n < 3000; n++) {
      const blobId = full.putBlob(BLOB_NAMESPACE, octetsOf(n), { isLocalOnly: n % 10 === 1 });
      keys.set(blobId, n);
      if (n % 10 > 1) full.blobs.move({ namespace: BLOB_NAMESPACE, blobId }, 'pendingUpload', 'synced');
      if (n % 10 === 2) full.pinBlob(BLOB_NAMESPACE, blobId);
    }
  });
  full.close();

  const evicted = await runAndKill(BLOB_WORKER, [path, 'evict'], 3);
  const store = openBlobStore(path);
  expect(store.sql.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  const rows = store.sql.all<{ blobId: BlobId; state: string; octets: Buffer | null }>('SELECT blob_id AS blobId, state, octets FROM blobs LEFT JOIN blob_octets USING (row_id)');
  const away = rows.filter(({ octets }) => octets === null);
  expect(evicted).toBeGreaterThan(0);
  expect(away.length).toBeGreaterThanOrEqual(evicted);
  expect(away.length).toBeLessThan(2100);
  for (const { blobId, state } of away) expect([state, keys.get(blobId)! % 10 > 2]).toEqual(['remoteOnly', true]);
  for (const { blobId, octets } of rows) if (octets) expect(octets.equals(octetsOf(keys.get(blobId)!))).toBe(true);
  expect(store.blobStatus().current().localBytes).toBe((3000 - away.length) * 20_000);
  store.close();
}, 60_000);

test('a process killed in mid-download goes on from the last whole part', async () => {
  const path = join(directory, 'download.db');
  const { blobId, octets } = largeSealedBlob();
  const begun = await runAndKill(BLOB_WORKER, [path, 'download'], 4);
  expect(begun).toBeGreaterThan(0);
  const store = openBlobStore(path);
  expect(store.sql.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  const starts: number[] = [];
  store.useBlobSource(largeBlobSource((from) => starts.push(from)));
  expect(Buffer.compare(await store.getBlob(BLOB_NAMESPACE, blobId), octets)).toBe(0);
  expect(starts[0]).toBeGreaterThanOrEqual(begun);
  expect(store.sql.get('SELECT count(*) AS parts FROM blob_parts')).toEqual({ parts: 0 });
  store.close();
}, 60_000);
