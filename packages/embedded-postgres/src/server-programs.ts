// Finds initdb and postgres inside the npm package of this platform. The package would make its library links in a
// postinstall script, which npm does not run for us: they are made here, once.

import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

export interface ServerPrograms {
  initdb: string;
  postgres: string;
}

/** @throws {EmbeddedPostgresError} "unsupportedPlatform" where no binaries are installed */
export function findServerPrograms(): ServerPrograms {
  const native = join(packageDirectory(), 'native');
  linkLibraries(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: executable(join(native, 'bin', `initdb${suffix}`)), postgres: executable(join(native, 'bin', `postgres${suffix}`)) };
}

function packageDirectory(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new EmbeddedPostgresError('unsupportedPlatform', `no PostgreSQL for ${platform} is installed; set DATABASE_URL to a server of your own`, { cause });
  }
}

function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) linkLibrary(join(dirname(native), source), join(dirname(native), target));
}

function linkLibrary(source: string, link: string): void {
  if (existsSync(link)) return;
  try {
    symlinkSync(relative(dirname(link), source), link);
  } catch (cause) {
    if (existsSync(link)) return;   // another process was faster
    throw new EmbeddedPostgresError('noPermission', 'cannot link the libraries of PostgreSQL in node_modules', { cause });
  }
}

/** Packing for npm loses the executable bit; where it cannot be set, starting the program says so. */
function executable(path: string): string {
  try {
    chmodSync(path, 0o755);
  } catch {
    return path;
  }
  return path;
}
