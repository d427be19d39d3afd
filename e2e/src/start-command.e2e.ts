// `npm start` as a person uses it: a table with commands that work when copied, Ctrl-C, the same mail again, `npm run reset`, and
// one clear sentence when it cannot start.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@paloma/reference-deployment';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const home = join(mkdtempSync(join(tmpdir(), 'paloma-start-')), 'home');
/** Away from the default ports, so that a deployment that runs on this machine is left alone. */
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  const offset = await freePort() - 4430;
  environment = { ...process.env, PALOMA_HOME: home, PALOMA_PORT_OFFSET: String(offset) };
});
afterAll(() => rmSync(join(home, '..'), { recursive: true, force: true, maxRetries: 5 }));

class StartCommand {
  output = '';
  errors = '';
  readonly child: ChildProcess;

  constructor(overrides: NodeJS.ProcessEnv = {}) {
    this.child = spawn('npm', ['start'], { cwd: ROOT, env: { ...environment, ...overrides }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.child.stdout!.on('data', (data: Buffer) => { this.output += data.toString(); });
    this.child.stderr!.on('data', (data: Buffer) => { this.errors += data.toString(); });
  }

  /** Resolves when the table is printed, or with what went wrong. */
  async ready(): Promise<void> {
    while (!this.output.includes('Ctrl-C stops everything')) {
      if (this.child.exitCode !== null) throw new Error(`npm start ended: ${this.output}${this.errors}`);
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'exit')]);
    }
  }

  /** What a terminal does on Ctrl-C: SIGINT to the whole foreground group. npm's shell then ends by that signal, after the rest. */
  async interrupt(): Promise<void> {
    const ended = once(this.child, 'close');
    process.kill(-this.child.pid!, 'SIGINT');
    await ended;
    expect(this.child.exitCode ?? this.child.signalCode).toBe('SIGINT');
    expect(this.output.trimEnd().split('\n').at(-1)).toBe('Stopping …');
    expect(this.errors).not.toMatch(/Error/);
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** The commands that the table offers to copy. */
  commands(): string[] {
    return this.output.split('\n').map((line) => line.trim()).filter((line) => /^(printf|curl) /.test(line));
  }
}

function shell(command: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
  expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
  return stdout;
}

/** Asks until the answer holds the text; the mail needs a moment from the MX to the daemon. */
function shellUntil(command: string, text: string, attempts = 50): string {
  const answer = spawnSync('bash', ['-c', `for i in $(seq ${attempts}); do out=$(${command}); case "$out" in *"${text}"*) break;; esac; sleep 0.2; done; printf %s "$out"`], { encoding: 'utf8' }).stdout;
  expect(answer).toContain(text);
  return answer;
}

function expectNothingRuns(): void {
  expect(existsSync(join(home, 'running.pid'))).toBe(false);
  expect(spawnSync('pgrep', ['-f', home], { encoding: 'utf8' }).stdout).toBe('');
}

test('the three things to try work as printed, and the mail is there again after Ctrl-C and a second start', async () => {
  const first = new StartCommand();
  await first.ready();
  expect(first.output).toMatch(/Web mail\s+http:\/\/127\.0\.0\.1:\d+\/#ticket=/);
  const [sendIn, read, sendOut] = first.commands();
  shell(sendIn!);
  shellUntil(read!, 'Greetings from outside');
  shell(sendOut!);
  await first.interrupt();
  expectNothingRuns();

  const second = new StartCommand();
  await second.ready();
  shellUntil(second.commands()[1]!, 'Greetings from outside');
  const third = new StartCommand();
  expect(await third.ended()).not.toBe(0);
  expect(third.errors).toMatch(/^Paloma is running already .*\n$/m);
  await second.interrupt();

  expect(spawnSync('npm', ['run', '--silent', 'reset'], { cwd: ROOT, env: environment, encoding: 'utf8' }).stdout).toBe('Forgotten.\n');
  expect(existsSync(home)).toBe(false);
});

test('a taken port is one sentence, a non-zero exit code, and nothing keeps running', async () => {
  const port = 7070 + Number(environment['PALOMA_PORT_OFFSET']);
  const squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
  const start = new StartCommand();
  expect(await start.ended()).not.toBe(0);
  squatter.close();
  expect(start.errors.trim().split('\n').filter((line) => !line.startsWith('npm'))).toHaveLength(1);
  expect(start.errors).toContain(String(port));
  expectNothingRuns();
});

test('a home that cannot be written is one sentence and a non-zero exit code', async () => {
  const file = join(home, '..', 'a-file');
  writeFileSync(file, '');
  const start = new StartCommand({ PALOMA_HOME: join(file, 'home') });
  expect(await start.ended()).not.toBe(0);
  expect(start.errors).toMatch(/PALOMA_HOME/);
});
