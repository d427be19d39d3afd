// A program of the terminal, typed to and read as a person does: tmux holds the screen.

import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const SIZE = ['-x', '110', '-y', '40'];
/** A screen tells nobody that it has changed, so it is looked at again and again. */
const GLANCE_MS = 50;
const PATIENCE_MS = 30_000;

export class Terminal {
  readonly #socket: string;
  readonly #environment: Record<string, string | undefined>;

  /** `home`: of the program, with no configuration of this machine's user; also where tmux has its socket. */
  constructor(home: string, command: readonly string[]) {
    this.#socket = join(home, 'tmux');
    this.#environment = { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', TERM: 'xterm', SHELL: '/bin/sh' };
    execFileSync('tmux', ['-S', this.#socket, '-f', '/dev/null', 'new-session', '-d', ...SIZE, ...command], { env: this.#environment });
  }

  /** Names of keys, as tmux spells them, or text. */
  async type(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p');
  }

  /** The screen once it shows something. @throws with the screen when it never does */
  async shows(wanted: RegExp): Promise<string> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const screen = await this.screen();
      if (wanted.test(screen)) return screen;
      if (performance.now() > deadlineMs) throw new Error(`the screen never showed ${wanted}, but:\n${screen}`);
      await delay(GLANCE_MS);
    }
  }

  /** Ends the program too; one that has ended took the terminal along. */
  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }

  async #tmux(...args: string[]): Promise<string> {
    return (await promisify(execFile)('tmux', ['-S', this.#socket, ...args], { env: this.#environment })).stdout;
  }
}
