import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseAccountId } from '@paloma/shared-model';
import type { BlobDirectory, OctetRange } from './blob-directory.js';

const alice = parseAccountId('a'.repeat(22));
const bob = parseAccountId('b'.repeat(22));

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function* breaksOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('the sender went away');
}

/** What every blob directory must do; run by the tests of each. `countFiles` counts what is kept, finished or not. */
export function runBlobDirectoryContract(name: string, create: () => { directory: BlobDirectory; countFiles?: () => number }): void {
  describe(`${name} blob directory`, () => {
    let directory: BlobDirectory;
    let countFiles: (() => number) | undefined;
    beforeEach(() => {
      ({ directory, countFiles } = create());
    });

    const read = async (fileId: string, range?: OctetRange): Promise<string> => Buffer.concat(await Array.fromAsync(directory.read(alice, fileId, range))).toString();

    test('gives back what was written, in whole or in part', async () => {
      const { fileId, sizeBytes } = await directory.write(alice, chunks('one', 'two'), 100);
      expect(sizeBytes).toBe(6);
      expect(await read(fileId)).toBe('onetwo');
      expect(await read(fileId, { from: 2, to: 3 })).toBe('et');
    });

    test('keeps empty octets', async () => {
      expect(await read((await directory.write(alice, chunks(), 100)).fileId)).toBe('');
    });

    test('knows each file in its own account alone', async () => {
      const { fileId } = await directory.write(alice, chunks('secret'), 100);
      await expect(Array.fromAsync(directory.read(bob, fileId))).rejects.toMatchObject({ code: 'notFound' });
    });

    test('refuses more than the limit and keeps nothing of it', async () => {
      expect((await directory.write(alice, chunks('12345'), 5)).sizeBytes).toBe(5);
      await expect(directory.write(alice, chunks('12345', '6'), 5)).rejects.toMatchObject({ code: 'tooLarge' });
      if (countFiles) expect(countFiles()).toBe(1);
    });

    test('keeps nothing of what broke off', async () => {
      await expect(directory.write(alice, breaksOff(), 100)).rejects.toThrow('the sender went away');
      if (countFiles) expect(countFiles()).toBe(0);
    });

    test('forgets what was removed, and does not mind removing it again', async () => {
      const { fileId } = await directory.write(alice, chunks('x'), 100);
      await directory.remove(alice, fileId);
      await directory.remove(alice, fileId);
      await expect(read(fileId)).rejects.toMatchObject({ code: 'notFound' });
    });

    test('forgets all of an account and nothing of another', async () => {
      const files = [await directory.write(alice, chunks('x'), 100), await directory.write(alice, chunks('y'), 100)];
      const { fileId: ofBob } = await directory.write(bob, chunks('z'), 100);
      await directory.removeAll(alice);
      await directory.removeAll(alice);
      for (const { fileId } of files) await expect(read(fileId)).rejects.toMatchObject({ code: 'notFound' });
      expect(Buffer.concat(await Array.fromAsync(directory.read(bob, ofBob))).toString()).toBe('z');
      if (countFiles) expect(countFiles()).toBe(1);
    });
  });
}
