// Secrets that live in files of their own, mode 0600: the OPAQUE setup, made at the first start, and the service tokens,
// made by the operator. Losing the setup locks every account out: it belongs into the backup.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpaqueSetup } from '@paloma/crypto/public';
import { Redacted } from '@paloma/shared-model';
import { StartError } from '../start-error.js';

/** 256 random bits in base64url. */
const MIN_TOKEN_CHARS = 43;

/** @throws {StartError} "filesUnusable" */
export function loadOpaqueSetup(stateDirectory: string): Redacted<string> {
  const file = join(stateDirectory, 'opaque-setup');
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    return new Redacted(readOrCreate(file, createOpaqueSetup));
  } catch (cause) {
    throw new StartError('filesUnusable', `the state file ${file} can be neither read nor made`, { cause });
  }
}

/** One token a line. @throws {StartError} "filesUnusable" */
export function loadServiceTokens(file: string): Redacted<readonly string[]> {
  const tokens = readTokens(file).split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (tokens.length === 0 || tokens.some((token) => token.length < MIN_TOKEN_CHARS)) {
    throw new StartError('filesUnusable', `${file} must hold service tokens of ${MIN_TOKEN_CHARS} characters or more, one a line`);
  }
  return new Redacted(tokens);
}

function readTokens(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartError('filesUnusable', `the service token file ${file} cannot be read`, { cause });
  }
}

/** Linking a finished file into place: whoever starts at the same moment finds all of it or makes it, never half. */
function readOrCreate(file: string, create: () => string): string {
  const existing = readIfThere(file);
  if (existing !== null) return existing;
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, create(), { mode: 0o600, flush: true });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
