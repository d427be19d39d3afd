import type { AccountId, RandomSource } from '@paloma/shared-model';
import { WireError } from '../wire-error.js';
import { BlobDirectory, type OctetRange, type StoredFile } from './blob-directory.js';

/** The blob directory of tests. */
export class MemoryBlobDirectory extends BlobDirectory {
  readonly #files = new Map<string, Buffer>();

  constructor(private readonly random: RandomSource) {
    super();
  }

  async write(accountId: AccountId, octets: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const fileId = Buffer.from(this.random.bytes(16)).toString('hex');
    const content = Buffer.concat(await Array.fromAsync(octets));
    if (content.length > maxBytes) throw new WireError('tooLarge', `blob over limit ${maxBytes}`);
    this.#files.set(`${accountId}/${fileId}`, content);
    return { fileId, sizeBytes: content.length };
  }

  async *read(accountId: AccountId, fileId: string, range?: OctetRange): AsyncGenerator<Uint8Array, void, undefined> {
    const content = this.#files.get(`${accountId}/${fileId}`);
    if (!content) throw new WireError('notFound', 'blob file is gone');
    yield range ? content.subarray(range.from, range.to + 1) : content;
  }

  async remove(accountId: AccountId, fileId: string): Promise<void> {
    this.#files.delete(`${accountId}/${fileId}`);
  }

  async removeAll(accountId: AccountId): Promise<void> {
    for (const path of [...this.#files.keys()].filter((each) => each.startsWith(`${accountId}/`))) this.#files.delete(path);
  }
}
