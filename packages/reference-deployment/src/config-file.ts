import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'smol-toml';

/** Writes a program's configuration; readable by its owner alone, since it may name a database with its password. */
export function writeConfigFile(path: string, config: Record<string, unknown>): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}
