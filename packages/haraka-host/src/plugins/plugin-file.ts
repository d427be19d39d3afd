// Where a plugin's code is, in Haraka's order: the operator's own directory before packages, a file before a package.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HarakaHostError } from '../haraka-host-error.js';

const PACKAGE_PREFIX = 'haraka-plugin-';

export interface PluginFile {
  /** Without the prefix of its package. */
  name: string;
  path: string;
  /** The directory of its package, or that of a file's `config` defaults; `null`: it has none. */
  packageDirectory: string | null;
}

/**
 * @param directory the host's, with `config/`, `plugins/` and perhaps `node_modules/`
 * @param furtherDirectories their `plugins/` is looked into next, then every `node_modules` above any of them
 * @throws {HarakaHostError} "pluginNotFound"
 */
export function findPluginFile(fullName: string, directory: string, furtherDirectories: readonly string[]): PluginFile {
  const name = shortName(fullName);
  const directories = [directory, ...furtherDirectories];
  const candidates = [
    ...directories.flatMap((base) => [join(base, 'plugins', `${name}.js`), join(base, 'plugins', name, 'package.json')]),
    ...directories.flatMap(directoriesAbove).flatMap((base) => [
      join(base, 'node_modules', `${PACKAGE_PREFIX}${name}`, 'package.json'),
      join(base, 'node_modules', name, 'package.json'),
    ]),
  ];
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new HarakaHostError('pluginNotFound', `there is no plugin "${name}"`);
  return { name, path, packageDirectory: path.endsWith('package.json') ? dirname(path) : null };
}

export function shortName(name: string): string {
  return name.startsWith(PACKAGE_PREFIX) ? name.slice(PACKAGE_PREFIX.length) : name;
}

function directoriesAbove(start: string): string[] {
  const above = dirname(start);
  return above === start ? [start] : [start, ...directoriesAbove(above)];
}
