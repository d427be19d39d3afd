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

/** Runs a program; resolves with its exit code. `quiet` keeps its output back and prints it only on failure. */
export function run(command, args, { quiet = false, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: toolEnvironment(), stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit', shell: process.platform === 'win32', signal });
    let output = '';
    child.stdout?.on('data', (data) => { output += data; });
    child.stderr?.on('data', (data) => { output += data; });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (quiet && code !== 0) process.stderr.write(output);
      resolve(code ?? 1);
    });
  });
}

/** Installs exactly what the lock file says, once for each state of the lock file. */
export async function install() {
  const lock = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  process.stdout.write('Installing packages (about half a minute) …\n');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true });
  if (code !== 0) throw new Error('The packages could not be installed: see npm\'s message above, then try again.');
  writeFileSync(STAMP, lock);
}

/** Builds every package that changed since the last time. */
export async function build() {
  process.stdout.write('Building …\n');
  const code = await run('turbo', ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'], { quiet: true });
  if (code !== 0) throw new Error('The build failed: see the messages above.');
}

/** Runs `work` as a program: one sentence and a non-zero exit code when it fails. */
export function program(work) {
  work().then((code) => { process.exitCode = code ?? 0; }, (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  });
}
