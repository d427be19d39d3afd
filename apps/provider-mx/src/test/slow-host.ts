// A host so far away that its first answer takes a second: its process is stopped, its queue of connections full, and so the system does not
// answer until the process runs again and the peer has asked once more.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** Takes every message; says "taken" on standard output for each. */
const PROGRAM = `
const { createServer } = require('node:net');
const { createInterface } = require('node:readline');
const server = createServer((socket) => {
  let isInData = false;
  socket.on('error', () => {}).write('220 slow.example ESMTP\\r\\n');
  createInterface({ input: socket }).on('line', (line) => {
    if (isInData && line !== '.') return;
    if (isInData) console.log('taken');
    isInData = line === 'DATA';
    socket.write(isInData ? '354 go on\\r\\n' : '250 2.0.0 yes\\r\\n');
  });
});
server.listen({ host: process.argv[1], port: 0, backlog: 1 }, () => console.log(server.address().port));
`;
/** More than the system keeps for a backlog of one. */
const FILLING_CONNECTIONS = 8;

export interface SlowHost {
  port: number;
  /** From now on it answers. */
  wake(): void;
  /** Resolves when a message was taken. */
  taken: Promise<unknown>;
  stop(): void;
}

export async function startSlowHost(address: string): Promise<SlowHost> {
  const program = spawn(process.execPath, ['--eval', PROGRAM, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: program.stdout });
  const [line] = await once(lines, 'line') as [string];
  const taken = once(lines, 'line');
  program.kill('SIGSTOP');
  const port = Number(line);
  const filling = Array.from({ length: FILLING_CONNECTIONS }, () => connect(port, address).on('error', () => undefined));
  await Promise.race(filling.map((socket) => once(socket, 'connect')));
  return {
    port, taken,
    wake: () => {
      end(filling);
      program.kill('SIGCONT');
    },
    stop: () => {
      end(filling);
      program.kill('SIGKILL');
    },
  };
}

function end(sockets: Socket[]): void {
  for (const socket of sockets.splice(0)) socket.destroy();
}
