// What the tools share: where the repository is, and how a fresh clone gets its packages.
// Plain JavaScript for the Node that happens to be installed (18 or newer): it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.installed-lock');

/** The environment in which the repository's own Node and programs come first, and nothing phones home. */
export function toolEnvironment() {
  const bin = join(ROOT, 'node_modules', '.bin');
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
}

/** Runs a program; resolves with its exit code. `quiet` keeps its output back and prints it only on failure; `onOutput` sees it. */
export function run(command, args, { quiet = false, onOutput = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: toolEnvironment(), stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit', shell: process.platform === 'win32' });
    let output = '';
    const keep = (data) => { output += data; onOutput(String(data)); };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    child.once('exit', (code) => {
      if (quiet && code !== 0) process.stderr.write(output);
      resolve(code ?? 1);
    });
  });
}

/**
 * Tells what is being done and for how long: a line that counts the seconds on a terminal, two lines in a log.
 * The work may tell how far it is.
 */
async function showing(label, work) {
  const startMs = Date.now();
  let progress = '';
  const line = () => `${label} … ${Math.round((Date.now() - startMs) / 1000)} s${progress}`;
  const isTerminal = process.stdout.isTTY === true;
  if (!isTerminal) process.stdout.write(`${label} …\n`);
  const timer = isTerminal && setInterval(() => process.stdout.write(`\r\u001b[K${line()}`), 250);
  try {
    return await work((text) => { progress = `, ${text}`; });
  } finally {
    if (timer) clearInterval(timer);
    process.stdout.write(isTerminal ? `\r\u001b[K${line()}\n` : `${line()}, done\n`);
  }
}

/** Installs exactly what the lock file says, once for each state of the lock file. */
export async function install() {
  const lock = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  const code = await showing('Installing packages', () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true }));
  if (code !== 0) throw new Error('The packages could not be installed: see npm\'s message above, then try again.');
  writeFileSync(STAMP, lock);
}

/** Builds every package that changed since the last time. */
export async function build() {
  const packages = new Set();
  const code = await showing('Building', (tell) => run('turbo', ['run', 'build', '--output-logs=hash-only', '--log-order=stream'], {
    quiet: true,
    onOutput: (text) => {
      for (const [, name] of text.matchAll(/@paloma\/([\w-]+):build/g)) packages.add(name);
      tell(`${packages.size} packages`);
    },
  }));
  if (code !== 0) throw new Error('The build failed: see the messages above.');
}

/** Runs `work` as a program: one sentence and a non-zero exit code when it fails. */
export function program(work) {
  work().then((code) => { process.exitCode = code ?? 0; }, (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  });
}
