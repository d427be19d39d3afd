import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { runBlobDirectoryContract } from './blob-directory.contract.js';
import { DiskBlobDirectory } from './disk-blob-directory.js';
import { MemoryBlobDirectory } from './memory-blob-directory.js';

const base = temporaryDirectory();

runBlobDirectoryContract('memory', () => ({ directory: new MemoryBlobDirectory(seededRandom(1)) }));

runBlobDirectoryContract('disk', () => {
  const path = mkdtempSync(join(base, 'case-'));
  const countFiles = (): number => readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  return { directory: new DiskBlobDirectory(path, seededRandom(1)), countFiles };
});
