// Writes packages/sync-protocol/vectors: the octets of the sync protocol for programs in other languages, and for the tests of
// both ends here. With `--check` it writes nothing and fails when the files are not what it would write.
//
//   npm run build && node --conditions=paloma-device tools/sync-vectors/generate.mjs [--check]

import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientVectors } from './client.mjs';
import { messageVectors } from './messages.mjs';
import { providerVectors } from './provider.mjs';
import { sealedVectors } from './sealed.mjs';
import { VectorFiles } from './vector-files.mjs';

const DIRECTORY = fileURLToPath(new URL('../../packages/sync-protocol/vectors', import.meta.url));

const files = new VectorFiles();
for (const addVectors of [messageVectors, providerVectors, clientVectors, sealedVectors]) await addVectors(files);

/** Relative to the directory; what is written by hand is left out. */
function present() {
  return globSync('**/*.{json,bin}', { cwd: DIRECTORY }).map((path) => path.replaceAll('\\', '/'));
}

function check() {
  const differing = files.paths.filter((path) => !existsSync(join(DIRECTORY, path)) || !readFileSync(join(DIRECTORY, path)).equals(files.contentOf(path)));
  const superfluous = present().filter((path) => !files.paths.includes(path));
  for (const path of [...differing, ...superfluous]) process.stderr.write(`packages/sync-protocol/vectors/${path} is not what the code makes\n`);
  process.exitCode = differing.length + superfluous.length === 0 ? 0 : 1;
}

function write() {
  for (const path of present()) rmSync(join(DIRECTORY, path));
  for (const path of files.paths) {
    mkdirSync(dirname(join(DIRECTORY, path)), { recursive: true });
    writeFileSync(join(DIRECTORY, path), files.contentOf(path));
  }
}

if (process.argv.includes('--check')) check();
else write();
