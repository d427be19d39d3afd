import { parseArgs } from 'node:util';
import { StartError } from '@paloma/provider-runtime';

export type Command = 'serve' | 'invite';

const USAGE = 'usage: paloma-provider-sync [serve|invite] --config FILE';

/** `serve` (the default) runs the provider; `invite` prints a new invitation code. @throws {StartError} "badConfiguration" */
export function parseCommandLine(argv: readonly string[]): { command: Command; configFile: string } {
  const { config, command } = parseArguments(argv);
  if (config === undefined || (command !== 'serve' && command !== 'invite')) throw new StartError('badConfiguration', USAGE);
  return { command, configFile: config };
}

function parseArguments(argv: readonly string[]): { config: string | undefined; command: string } {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: { config: { type: 'string' } }, allowPositionals: true });
    return { config: values.config, command: positionals.join(' ') || 'serve' };
  } catch (cause) {
    throw new StartError('badConfiguration', USAGE, { cause });
  }
}
