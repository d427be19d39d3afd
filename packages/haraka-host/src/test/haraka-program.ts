// A real Haraka from npm as a process, for tests that compare: its answers are what ours are measured against.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { namelessAddress, writeFiles } from './host-fixture.js';

export const HARAKA_DIRECTORY = dirname(createRequire(import.meta.url).resolve('Haraka/package.json'));

export interface HarakaProgram {
  port: number;
  stop(): void;
}

/** `files` as for a fixture; peers may say by a PROXY line whom they are. */
export async function startHaraka(directory: string, plugins: readonly string[], files: Readonly<Record<string, string>>): Promise<HarakaProgram> {
  writeFiles(directory, {
    'config/plugins': `${['nameless', ...plugins].join('\n')}\n`,
    'plugins/nameless.js': `exports.register = () => require('node:dns').setServers(['${await namelessAddress()}']);`,
    'config/smtp.ini': 'listen=127.0.0.1:0\nnodes=0\n',
    'config/connection.ini': readFileSync(join(HARAKA_DIRECTORY, 'config/connection.ini'), 'utf8').replace('hosts[] =\n', 'hosts[] = 127.0.0.1\n'),
    'config/me': 'mx.example\n',
    'config/loglevel': 'NOTICE\n',
    ...files,
  });
  const program = spawn(process.execPath, [join(HARAKA_DIRECTORY, 'bin/haraka'), '-c', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: program.stdout })) {
    const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    program.stdout.resume();
    return { port: Number(port), stop: () => void program.kill('SIGKILL') };
  }
  throw new Error('Haraka ended before it listened');
}
