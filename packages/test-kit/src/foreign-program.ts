// Programs of others as judges, where they are installed.

import { spawn, spawnSync } from 'node:child_process';

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/** Standard output of a program that is fed `input`; its end must be good. */
export function outputOf(program: string, args: readonly string[], input: string | Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe' });
    const [output, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (octets: Buffer) => output.push(octets));
    child.stderr.on('data', (octets: Buffer) => complaints.push(octets));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(output)) : reject(new Error(`${program} ended with ${code}: ${Buffer.concat(complaints).toString()}`))));
    child.stdin.end(input);
  });
}
