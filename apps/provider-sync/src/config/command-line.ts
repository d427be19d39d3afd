import { parseArgs } from 'node:util';
import { StartError } from '@paloma/provider-runtime';
import type { AliasCommand } from '../accounts/alias-command.js';

export type CommandLine = { configFile: string } & ({ command: 'serve' | 'invite' } | { command: 'alias'; alias: AliasCommand });

const USAGE = `usage: paloma-provider-sync [COMMAND] --config FILE
  serve (unless told otherwise)
  invite
  alias list
  alias add ALIAS ADDRESS
  alias remove ALIAS`;

/** `serve` (the default) runs the provider; `invite` prints a new invitation code; `alias` is about further addresses of accounts. @throws {StartError} "badConfiguration" */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { configFile, words: [command = 'serve', ...words] } = parseArguments(argv);
  if (configFile === undefined) throw usage();
  if (command === 'alias') return { configFile, command, alias: parseAliasCommand(words) };
  if (words.length === 0 && (command === 'serve' || command === 'invite')) return { configFile, command };
  throw usage();
}

function parseAliasCommand([action, alias, address, ...others]: readonly string[]): AliasCommand {
  if (others.length > 0) throw usage();
  if (action === 'list' && alias === undefined) return { action };
  if (action === 'add' && alias !== undefined && address !== undefined) return { action, alias, address };
  if (action === 'remove' && alias !== undefined && address === undefined) return { action, alias };
  throw usage();
}

function parseArguments(argv: readonly string[]): { configFile: string | undefined; words: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: { config: { type: 'string' } }, allowPositionals: true });
    return { configFile: values.config, words: positionals };
  } catch (cause) {
    throw usage(cause);
  }
}

function usage(cause?: unknown): StartError {
  return new StartError('badConfiguration', USAGE, { cause });
}
