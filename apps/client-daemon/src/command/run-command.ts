// From the arguments to what is printed and the exit code. The one place that turns errors into sentences.

import { parseArgs } from 'node:util';
import { DaemonError } from '../daemon-error.js';
import { COMMON_OPTIONS, OPTIONS, type Command, type CommandContext, type OptionName, type OptionValues, type Report } from './command.js';
import { CommandError, EXIT_CODE } from './command-error.js';
import { COMMANDS } from './commands/index.js';
import { ControlConnection } from './control-connection.js';
import { helpOf, helpText } from './help.js';
import { stateDirectoryOf } from './state-directory-option.js';

/** What a command has of its process. */
export interface Surroundings extends Pick<CommandContext, 'secret' | 'untilInterrupted'> {
  environment: NodeJS.ProcessEnv;
  out(text: string): void;
  err(text: string): void;
}

/** Exit code. Never rejects for what a person can do something about. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const { words, options } = parse(argv);
    const command = words.length === 0 && (options.help || argv.length === 0) ? null : find(words);
    if (!command || options.help) surroundings.out(`${command ? helpOf(command) : helpText()}\n`);
    else print(await run(command, words, options, surroundings), options, surroundings);
    return 0;
  } catch (error) {
    const known = error instanceof DaemonError ? new CommandError('usage', error.message) : error;
    if (!(known instanceof CommandError)) throw error;
    surroundings.err(`${known.message}\n`);
    return EXIT_CODE[known.code];
  }
}

function run(command: Command, words: readonly string[], options: OptionValues, surroundings: Surroundings): Promise<Report | null> {
  const following = words.slice(command.name.split(' ').length);
  checkUse(command, following, options);
  const { secret, untilInterrupted, environment, out } = surroundings;
  let control: ControlConnection | null = null;
  return command.run({
    // Only when it is needed: `profile` works without a daemon.
    get control() { return (control ??= ControlConnection.to(stateDirectoryOf(options, environment))); },
    words: following, options, secret, untilInterrupted, write: out,
  });
}

function print(report: Report | null, { json }: OptionValues, { out }: Surroundings): void {
  if (report) out(`${json ? JSON.stringify(report.json ?? null) : report.text}\n`);
}

function parse(argv: readonly string[]): { words: string[]; options: OptionValues } {
  try {
    const { positionals, values } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    return { words: positionals[0] === 'help' ? positionals.slice(1) : positionals, options: positionals[0] === 'help' ? { ...values, help: true } : values };
  } catch (error) {
    throw new CommandError('usage', `${(error as Error).message.split('. ')[0]}: see "paloma --help".`, { cause: error });
  }
}

function find(words: readonly string[]): Command {
  const [first = '', second = ''] = words;
  const command = COMMANDS.find(({ name }) => name === `${first} ${second}`) ?? COMMANDS.find(({ name }) => name === first);
  if (command) return command;
  const others = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => `"${name}"`);
  throw new CommandError('usage', others.length > 0 ? `Say which: ${others.join(', ')}.` : `There is no command "${first}": see "paloma --help".`);
}

function checkUse(command: Command, words: readonly string[], options: OptionValues): void {
  const { min, max } = command.words ?? { min: 0, max: 0 };
  const foreign = (Object.keys(options) as OptionName[]).find((name) => !COMMON_OPTIONS.includes(name) && !command.options?.includes(name));
  if (foreign) throw new CommandError('usage', `"paloma ${command.name}" takes no --${foreign}.`);
  if (words.length < min || words.length > max) throw new CommandError('usage', helpOf(command).split('\n', 1)[0]!);
}
