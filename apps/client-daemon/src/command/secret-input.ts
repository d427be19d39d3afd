// Passphrases come from a terminal, without echo, or as lines of standard input; never from the arguments, which every user of the machine
// can read, nor from the environment, which children inherit.

import type { ReadStream } from 'node:tty';
import { Redacted } from '@paloma/shared-model';
import { CommandError } from './command-error.js';

/** Longer ones are no passphrase that somebody types. */
const MAX_SECRET_CHARS = 1024;
const END_OF_INPUT = /[\r\n\x04]/;

export class SecretInput {
  readonly #input: NodeJS.ReadStream;
  readonly #prompts: NodeJS.WritableStream;
  #lines: AsyncIterator<string> | null = null;

  constructor(input: NodeJS.ReadStream, prompts: NodeJS.WritableStream) {
    this.#input = input;
    this.#prompts = prompts;
  }

  /** @throws {CommandError} "noSecret", "interrupted" */
  async ask(what: string, kind: 'known' | 'new' = 'known'): Promise<Redacted<string>> {
    if (!this.#input.isTTY) return this.#nextLine(what);
    const secret = await this.#typed(`${what}: `);
    if (kind === 'known') return secret;
    const again = await this.#typed('Once more: ');
    if (again.reveal() !== secret.reveal()) throw new CommandError('noSecret', 'The two are not the same: nothing was done.');
    return secret;
  }

  async #nextLine(what: string): Promise<Redacted<string>> {
    this.#lines ??= linesOf(this.#input);
    const { value, done } = await this.#lines.next();
    if (done || value === '') throw new CommandError('noSecret', `There is no line on standard input for: ${what}.`);
    return new Redacted(value);
  }

  async #typed(prompt: string): Promise<Redacted<string>> {
    const terminal = this.#input as ReadStream;
    this.#prompts.write(prompt);
    terminal.setRawMode(true).setEncoding('utf8').resume();
    try {
      return new Redacted(await typedLine(terminal));
    } finally {
      terminal.setRawMode(false).pause();
      this.#prompts.write('\n');
    }
  }
}

/** Backspace takes a character back, Ctrl-U all of them. */
function typedLine(terminal: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const onData = (text: string): void => {
      for (const character of text) {
        if (character === '\x03') return settle(() => reject(new CommandError('interrupted', 'Interrupted.')));
        if (END_OF_INPUT.test(character)) return settle(() => resolve(typed.join('')));
        if (character === '\x7f' || character === '\b') typed.pop();
        else if (character === '\x15') typed = [];
        else if (character >= ' ' && typed.length < MAX_SECRET_CHARS) typed.push(character);
      }
    };
    const settle = (act: () => void): void => {
      terminal.off('data', onData);
      act();
    };
    terminal.on('data', onData);
  });
}

async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string> {
  let rest = '';
  for await (const text of input.setEncoding('utf8')) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_SECRET_CHARS) throw new CommandError('noSecret', 'The line on standard input is too long.');
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (rest !== '') yield rest;
}
