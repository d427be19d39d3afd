import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { World } from './world.js';

/** What an operator's command of one of the provider's programs prints. @throws with its sentence when it refuses */
export async function runOperatorCommand(world: World, program: 'provider-sync' | 'provider-mx', ...words: string[]): Promise<string> {
  const main = join(dirname(createRequire(import.meta.url).resolve(`@paloma/${program}/package.json`)), 'dist/main.js');
  const config = join(world.providerDirectory, 'config', `${program}.toml`);
  return (await promisify(execFile)(process.execPath, [main, ...words, '--config', config], { env: { ...process.env, DATABASE_URL: world.provider.databaseUrl } })).stdout;
}
