// The command `paloma` as a person runs it: its arguments, lines on standard input, what it says, its exit code.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Device } from '@paloma/reference-deployment';

export interface CommandResult {
  code: number;
  out: string;
  err: string;
}

const ENTRY = join(dirname(createRequire(import.meta.url).resolve('@paloma/client-daemon/package.json')), 'dist/command/main.js');

export async function paloma(device: Device, args: readonly string[], lines: readonly string[] = []): Promise<CommandResult> {
  const child = spawn(process.execPath, [ENTRY, '--state', device.directory, ...args], { stdio: 'pipe' });
  const [texts, errors]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => texts.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [code] = await once(child, 'close') as [number];
  return { code, out: texts.join('').trimEnd(), err: errors.join('').trimEnd() };
}
