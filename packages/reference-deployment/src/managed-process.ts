// One built program of the deployment as a child process. The contract is the same for all of them: configuration in a
// file named by --config, one JSON line {"event":"ready","ports":{…}} on standard output when it serves, logs on standard
// error, one sentence there and exit code 1 when it cannot, SIGTERM to stop.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DeploymentError } from './deployment-error.js';

export type ProgramName = 'provider-sync' | 'provider-mx' | 'client-daemon';

/** A program that has not served after this long never will. */
const READY_TIMEOUT_MS = 60_000;
/** A program that has not stopped after this long is killed. */
const STOP_TIMEOUT_MS = 15_000;
/**
 * In MiB. Left to itself V8 lets the young generation grow over 100 MB under load and keeps it; here it is at most three times so large.
 * The daemon marks and lists ten thousand emails at a time, of which half outlived a smaller one: a fifth of its time.
 */
const SEMI_SPACE: Record<ProgramName, number> = { 'provider-sync': 8, 'provider-mx': 8, 'client-daemon': 16 };
/** V8 collects the old generation, which holds on to what has come over the wire, when it has doubled or more; here by half. */
const HEAP_GROWING = '--heap-growing-percent=50';
const LAST_WORDS_CHARS = 2_000;

export interface ProcessOptions {
  program: ProgramName;
  /** For messages: "alice's daemon". */
  title: string;
  configFile: string;
  logFile: string;
  environment?: Record<string, string>;
}

const require = createRequire(import.meta.url);

export class ManagedProcess {
  readonly ports: Readonly<Record<string, number>>;
  readonly #child: ChildProcess;
  #isToEnd = false;

  private constructor(child: ChildProcess, ports: Record<string, number>) {
    this.#child = child;
    this.ports = ports;
  }

  /** Starts the program and waits until it serves. @throws {DeploymentError} with the program's own sentence */
  static async start(options: ProcessOptions): Promise<ManagedProcess> {
    const child = spawn(process.execPath, argumentsOf(options), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
      // A group of its own: Ctrl-C reaches only the deployment, which then stops its programs in order.
      detached: true,
    });
    const lastWords = keepLog(child, options.logFile);
    try {
      return new ManagedProcess(child, await readiness(child));
    } catch (error) {
      child.kill('SIGKILL');
      throw new DeploymentError('processFailed', onlySentence(lastWords()) ?? `${options.title} did not start: see its log, ${options.logFile}.`, { cause: error });
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** It ended though nobody asked it to. */
  get hasCrashed(): boolean {
    return !this.isRunning && !this.#isToEnd;
  }

  /** Resolves when the process has ended, whatever the reason. */
  async ended(): Promise<void> {
    if (this.isRunning) await once(this.#child, 'exit');
  }

  /** Asks it to stop and waits; kills it when it does not. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.#isToEnd = true;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    this.#child.kill('SIGTERM');
    await this.ended();
    clearTimeout(timer);
  }

  /** kill -9, as a crash does it. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.#isToEnd = true;
    this.#child.kill('SIGKILL');
    await this.ended();
  }
}

/** What a program says when it cannot start; a stack trace is not for the person who started it. */
function onlySentence(lastWords: string): string | null {
  const [sentence, ...others] = lastWords.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  return others.length === 0 ? sentence ?? null : null;
}

function argumentsOf({ program, configFile }: ProcessOptions): string[] {
  const entry = join(dirname(require.resolve(`@paloma/${program}/package.json`)), 'dist/main.js');
  const conditions = program === 'client-daemon' ? ['--conditions=paloma-device'] : [];
  return ['--enable-source-maps', `--max-semi-space-size=${SEMI_SPACE[program]}`, HEAP_GROWING, ...conditions, entry, '--config', configFile];
}

function keepLog(child: ChildProcess, logFile: string): () => string {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  let tail = '';
  child.stderr!.on('data', (data: Buffer) => {
    log.write(data);
    tail = (tail + data.toString()).slice(-LAST_WORDS_CHARS);
  });
  child.once('close', () => log.end());
  return () => tail;
}

function readiness(child: ChildProcess): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not ready in time')), READY_TIMEOUT_MS);
    const settle = (act: () => void): void => { clearTimeout(timer); act(); };
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('{"event":"ready"')) settle(() => resolve((JSON.parse(line) as { ports: Record<string, number> }).ports));
    });
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (code) => settle(() => reject(new Error(`exited with ${code}`))));
  });
}
