// A program of somebody else's, as the machine has it installed.

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Far above what any of them takes: one that hangs must say what it had said so far. */
const TIMEOUT_MS = 90_000;

export function isInstalled(program: string, versionOption = '--version'): boolean {
  return spawnSync(program, [versionOption], { stdio: 'ignore' }).status === 0;
}

/**
 * Runs a program to its end with a home of its own, so that no configuration of this machine's user has a say. Gives its
 * standard output. @throws with all its output when its end is not good
 */
export async function runProgram(program: string, args: readonly string[], { home, input = '' }: { home: string; input?: string | Uint8Array }): Promise<string> {
  const running = promisify(execFile)(program, args, { env: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8' }, timeout: TIMEOUT_MS });
  running.child.stdin!.end(input);
  return (await running).stdout;
}
