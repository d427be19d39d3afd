import { parseArgs } from 'node:util';
import { StartError } from '@paloma/provider-runtime';

export type CommandLine = { configFile: string } & (
  | { command: 'serve' }
  /** `server`: the DNS server to ask, `address:port`; null: the system's. */
  | { command: 'dns'; isCheck: boolean; server: string | null });

const USAGE = 'usage: paloma-provider-mx [serve | dns [--check [--server ADDRESS:PORT]]] --config FILE';
const SERVER = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
const OPTIONS = { config: { type: 'string' }, check: { type: 'boolean', default: false }, server: { type: 'string' } } as const;

/** `serve` (the default) runs the program; `dns` prints the records of the domain, or compares. @throws {StartError} "badConfiguration" */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values: { config: configFile, check: isCheck, server = null }, positionals } = parseArguments(argv);
  if (server !== null && !SERVER.test(server)) throw new StartError('badConfiguration', USAGE);
  const command = positionals.join(' ') || 'serve';
  if (configFile !== undefined && command === 'dns') return { command, configFile, isCheck, server };
  if (configFile !== undefined && command === 'serve' && !isCheck && server === null) return { command, configFile };
  throw new StartError('badConfiguration', USAGE);
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new StartError('badConfiguration', USAGE, { cause });
  }
}
