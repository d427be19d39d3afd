// <directory>/<account>/<first two characters>/<file id>. Names are hexadecimal: base64url would fall together where a file
// system folds case. Written under a temporary name, synced, renamed, and the directory synced (so that the name is durable too).

import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AccountId, RandomSource } from '@paloma/shared-model';
import { WireError } from '../wire-error.js';
import { BlobDirectory, type OctetRange, type StoredFile } from './blob-directory.js';

const READ_CHUNK_BYTES = 256 * 1024;

export class DiskBlobDirectory extends BlobDirectory {
  constructor(private readonly directory: string, private readonly random: RandomSource) {
    super();
  }

  async write(accountId: AccountId, octets: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const fileId = Buffer.from(this.random.bytes(16)).toString('hex');
    const path = this.#path(accountId, fileId);
    await makeDirectory(dirname(path));
    const sizeBytes = await writeDurably(path, octets, maxBytes);
    return { fileId, sizeBytes };
  }

  async *read(accountId: AccountId, fileId: string, range?: OctetRange): AsyncGenerator<Uint8Array, void, undefined> {
    const bounds = range && { start: range.from, end: range.to };
    try {
      yield* createReadStream(this.#path(accountId, fileId), { highWaterMark: READ_CHUNK_BYTES, ...bounds });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new WireError('notFound', 'blob file is gone');
      throw error;
    }
  }

  async remove(accountId: AccountId, fileId: string): Promise<void> {
    await rm(this.#path(accountId, fileId), { force: true });
  }

  async removeAll(accountId: AccountId): Promise<void> {
    await rm(this.#directoryOf(accountId), { force: true, recursive: true });
  }

  #path(accountId: AccountId, fileId: string): string {
    return join(this.#directoryOf(accountId), fileId.slice(0, 2), fileId);
  }

  #directoryOf(accountId: AccountId): string {
    return join(this.directory, Buffer.from(accountId).toString('hex'));
  }
}

/** With every directory on the way that is not there, each of them durable in the one above. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function writeDurably(path: string, octets: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number> {
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    const sizeBytes = await writeAll(file, octets, maxBytes).finally(() => file.close());
    await rename(unfinished, path);
    await syncDirectory(dirname(path));
    return sizeBytes;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeAll(file: FileHandle, octets: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of octets) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new WireError('tooLarge', `blob over limit ${maxBytes}`);
    await file.writeFile(chunk);
  }
  await file.sync();
  return sizeBytes;
}

/** Windows cannot open a directory, and needs no such step. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}
