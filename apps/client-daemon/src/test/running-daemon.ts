// A built palomad as a process of its own, on free ports, with a state directory of its own; and the built `paloma` beside it.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

export interface CommandResult {
  code: number | null;
  out: string;
  err: string;
}

export class RunningDaemon {
  readonly #child: ChildProcess;

  private constructor(readonly stateDirectory: string, readonly ports: Readonly<Record<string, number>>, child: ChildProcess) {
    this.#child = child;
  }

  /** `listener`: further members of the tables of IMAP and SMTP. */
  static async start(parentDirectory: string, listener = ''): Promise<RunningDaemon> {
    const directory = mkdtempSync(join(parentDirectory, 'daemon-'));
    const stateDirectory = join(directory, 'state');
    writeFileSync(join(directory, 'daemon.toml'), `stateDirectory = "${stateDirectory}"\nimap = { port = 0${listener} }\nsmtp = { port = 0${listener} }\nhttp = { port = 0 }\n`);
    const child = spawn(process.execPath, ['--conditions=paloma-device', program('main.js'), '--config', join(directory, 'daemon.toml')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [ready] = await once(createInterface({ input: child.stdout! }), 'line') as [string];
    return new RunningDaemon(stateDirectory, (JSON.parse(ready) as { ports: Record<string, number> }).ports, child);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/** Runs the command to its end, with these lines on standard input. */
export async function paloma(args: readonly string[], input = ''): Promise<CommandResult> {
  const child = startPaloma(args);
  const [texts, errors]: [string[], string[]] = [[], []];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => texts.push(text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  child.stdin!.end(input);
  const [code] = await once(child, 'close') as [number | null];
  return { code, out: texts.join(''), err: errors.join('') };
}

export function startPaloma(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program('command/main.js'), ...args], { stdio: 'pipe' });
}
