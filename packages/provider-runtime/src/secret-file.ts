// Secrets that live in files of their own, mode 0600, outside the database.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from './start-error.js';

/** 256 random bits in base64url. */
const MIN_TOKEN_CHARS = 43;

/** Octets of the secret; made by `create` when there is no file yet. @throws {StartError} "filesUnusable" */
export function readOrCreateSecretFile(file: string, create: () => string | Uint8Array): Buffer {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return readIfThere(file) ?? createWhole(file, create());
  } catch (cause) {
    throw new StartError('filesUnusable', `the secret file ${file} can be neither read nor made`, { cause });
  }
}

/** Service tokens, one a line, at least one. @throws {StartError} "filesUnusable" */
export function readTokenFile(file: string): [first: string, ...others: string[]] {
  const [first = '', ...others] = readText(file).split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if ([first, ...others].some((token) => token.length < MIN_TOKEN_CHARS)) {
    throw new StartError('filesUnusable', `${file} must hold service tokens of ${MIN_TOKEN_CHARS} characters or more, one a line`);
  }
  return [first, ...others];
}

/** Linking a finished file into place: whoever starts at the same moment finds all of it or makes it, never half. */
function createWhole(file: string, secret: string | Uint8Array): Buffer {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, secret, { mode: 0o600, flush: true });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  return readFileSync(file);
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartError('filesUnusable', `the service token file ${file} cannot be read`, { cause });
  }
}
