// What a command of `paloma` is: how it is written, what it says about itself, what it does.

import type { Redacted } from '@paloma/shared-model';
import type { ControlConnection } from './control-connection.js';

/** Every option of every command. A word means the same wherever it is taken. */
export const OPTIONS = {
  state: { type: 'string' }, config: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
  account: { type: 'string' }, provider: { type: 'string' }, name: { type: 'string' }, device: { type: 'string' }, invite: { type: 'string' },
  unlocks: { type: 'boolean' }, html: { type: 'boolean' }, 'lock-out': { type: 'boolean' }, secret: { type: 'boolean' },
} as const;
export type OptionName = keyof typeof OPTIONS;
/** Taken by every command. */
export const COMMON_OPTIONS: readonly OptionName[] = ['state', 'config', 'json', 'help'];

export type OptionValues = { readonly [Name in OptionName]?: (typeof OPTIONS)[Name]['type'] extends 'string' ? string : boolean };

/** What was done, for a person and, with `--json`, for a program. */
export interface Report {
  text: string;
  json?: unknown;
}

export interface CommandContext {
  readonly control: ControlConnection;
  readonly words: readonly string[];
  readonly options: OptionValues;
  /** Asks a person without echo, or takes the next line of standard input. A new one is asked for twice. */
  secret(what: string, kind?: 'known' | 'new'): Promise<Redacted<string>>;
  /** Whole lines, at once: for commands that go on until they are interrupted. */
  write(text: string): void;
  /** From now on Ctrl-C aborts this, and does not end the process by itself. */
  untilInterrupted(): AbortSignal;
}

export interface Command {
  /** One or two words. */
  readonly name: string;
  /** What follows the name. */
  readonly usage: string;
  /** One line, in the imperative. */
  readonly summary: string;
  /** Beside the common ones. */
  readonly options?: readonly OptionName[];
  /** How many words may follow the name; none when absent. */
  readonly words?: { min: number; max: number };
  /** Does it; `null`: everything was written already. @throws {CommandError} */
  run(context: CommandContext): Promise<Report | null>;
}
