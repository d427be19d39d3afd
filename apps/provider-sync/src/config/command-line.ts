import { parseArgs } from 'node:util';
import { StartError } from '@paloma/provider-runtime';
import type { AccountCommand } from '../accounts/account-command.js';
import type { AliasCommand } from '../accounts/alias-command.js';

export type CommandLine = { configFile: string } & ({ command: 'serve' | 'invite' } | { command: 'alias'; alias: AliasCommand } | { command: 'account'; account: AccountCommand });

const USAGE = `usage: paloma-provider-sync [COMMAND] --config FILE
  serve (unless told otherwise)
  invite
  alias list
  alias add ALIAS ADDRESS
  alias remove ALIAS
  account list
  account disable | enable | delete | release  ADDRESS
  account quota ADDRESS SIZE          (10GiB, 500MiB)
"-" for an address or alias: a line of standard input, which nobody else on the machine sees`;
const UNIT_BYTES = { MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** `serve` (the default) runs the provider; `invite` prints a new invitation code; `alias` is about further addresses of accounts, `account` about accounts. @throws {StartError} "badConfiguration" */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { configFile, words: [command = 'serve', ...words] } = parseArguments(argv);
  if (configFile === undefined) throw usage();
  if (command === 'alias') return { configFile, command, alias: parseAliasCommand(words) };
  if (command === 'account') return { configFile, command, account: parseAccountCommand(words) };
  if (words.length === 0 && (command === 'serve' || command === 'invite')) return { configFile, command };
  throw usage();
}

function parseAccountCommand([action, address, size, ...others]: readonly string[]): AccountCommand {
  if (others.length > 0) throw usage();
  if (action === 'list' && address === undefined) return { action };
  if (address === undefined) throw usage();
  if (action === 'quota' && size !== undefined) return { action, address, quotaBytes: parseSize(size) };
  if (size !== undefined) throw usage();
  switch (action) {
    case 'disable':
    case 'enable':
    case 'delete':
    case 'release': return { action, address };
    default: throw usage();
  }
}

function parseSize(text: string): number {
  const [, count = '0', unit] = /^([1-9]\d{0,5})(MiB|GiB|TiB)$/.exec(text) ?? [];
  if (unit !== 'MiB' && unit !== 'GiB' && unit !== 'TiB') throw usage();
  const bytes = Number(count) * UNIT_BYTES[unit];
  if (!Number.isSafeInteger(bytes)) throw usage();
  return bytes;
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
