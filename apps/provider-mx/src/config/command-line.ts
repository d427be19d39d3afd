import { parseArgs } from 'node:util';
import { StartError } from '@paloma/provider-runtime';
import { canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import type { QueueCommand } from '../outgoing/queue-command.js';
import type { QueueSelection } from '../outgoing/queue-control.js';

export type CommandLine = { configFile: string } & (
  | { command: 'serve' }
  /** `server`: the DNS server to ask, `address:port`; null: the system's. */
  | { command: 'dns'; isCheck: boolean; server: string | null }
  | { command: 'queue'; queue: QueueCommand });

const USAGE = `usage: paloma-provider-mx [COMMAND] --config FILE
  serve (unless told otherwise)
  dns [--check [--server ADDRESS:PORT]]
  queue list [--id ID | --domain DOMAIN | --sender ADDRESS]
  queue hold | release | retry | fail  --id ID | --domain DOMAIN | --sender ADDRESS | --all
  queue suppressions list
  queue suppressions drop  --id ID | --all
"-" for an address: a line of standard input, which nobody else on the machine sees`;
const SERVER = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
const MESSAGE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OPTIONS = {
  config: { type: 'string' }, check: { type: 'boolean' }, server: { type: 'string' },
  id: { type: 'string' }, domain: { type: 'string' }, sender: { type: 'string' }, all: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArguments>['values'];

/** `serve` (the default) runs the program; `dns` prints the records of the domain, or compares; `queue` is for operators. @throws {StartError} "badConfiguration" */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values: { config: configFile, ...values }, positionals } = parseArguments(argv);
  const [command = 'serve', ...words] = positionals;
  if (configFile === undefined) throw usage();
  if (command === 'queue') return { configFile, command, queue: parseQueueCommand(words.join(' '), values) };
  if (words.length === 0 && command === 'dns' && isOnly(values, 'check', 'server')) return { configFile, command, ...parseDnsOptions(values) };
  if (words.length === 0 && command === 'serve' && isOnly(values)) return { configFile, command };
  throw usage();
}

function parseDnsOptions({ check: isCheck = false, server: given }: Values): { isCheck: boolean; server: string | null } {
  const server = given ?? null;
  if (server !== null && !SERVER.test(server)) throw usage();
  return { isCheck, server };
}

function parseQueueCommand(action: string, values: Values): QueueCommand {
  switch (action) {
    case 'list': return { action, selection: isOnly(values) ? { kind: 'all' } : parseSelection(values) };
    case 'hold':
    case 'release':
    case 'retry':
    case 'fail': return { action, selection: parseSelection(values) };
    case 'suppressions list':
      if (isOnly(values)) return { action };
      break;
    case 'suppressions drop':
      if (isOnly(values, 'id') !== isOnly(values, 'all')) return { action, id: values.id ?? null };
  }
  throw usage();
}

/** Just one of them: nobody shall hold all of the queue by mistake. */
function parseSelection(values: Values): QueueSelection {
  const { id, domain, sender, all } = values;
  if (id !== undefined && isOnly(values, 'id') && MESSAGE_ID.test(id)) return { kind: 'id', id };
  if (domain !== undefined && isOnly(values, 'domain')) return { kind: 'domain', domain: domain.toLowerCase() };
  if (sender !== undefined && isOnly(values, 'sender')) return { kind: 'sender', sender: parseSender(sender) };
  if (all === true && isOnly(values, 'all')) return { kind: 'all' };
  throw usage();
}

function parseSender(text: string): MailAddress {
  try {
    return canonicalAddress(parseMailAddress(text));
  } catch (cause) {
    throw usage(cause);
  }
}

function isOnly(values: Values, ...allowed: (keyof Values)[]): boolean {
  return (Object.keys(values) as (keyof Values)[]).every((key) => allowed.includes(key));
}

function usage(cause?: unknown): StartError {
  return new StartError('badConfiguration', USAGE, { cause });
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw usage(cause);
  }
}
