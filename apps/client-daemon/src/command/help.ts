import type { Command } from './command.js';
import { COMMANDS } from './commands/index.js';

const FOOT = `Common options:
  --state DIR        the daemon's state directory (or PALOMA_STATE; unless told: ~/.local/state/paloma)
  --config FILE      the daemon's configuration file, which names that directory
  --account ADDRESS  which account, where the device has several
  --json             the answer for a program
  --help             this help, or the help of a command

Passphrases are asked for without echo; where standard input is no terminal, each is a line of it, in the order of the questions.
Exit code: 0 done, 1 refused, 2 not understood, 3 no daemon runs.`;

export function helpText(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: paloma COMMAND [OPTIONS]\n\nSteers a palomad that runs on this machine.\n\n${lines.join('\n')}\n\n${FOOT}`;
}

export function helpOf({ name, usage, summary }: Command): string {
  return `Usage: paloma ${name}${usage && ` ${usage}`}\n\n${summary}`;
}
