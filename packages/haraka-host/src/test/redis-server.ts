// A real Redis for the plugins that keep their memory in one, where it is installed: on a socket in a directory of its own, so that
// no port is taken from anybody, and without a trace on disk.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** After a test that failed, somebody may never say goodbye. */
const MAX_STOP_MS = 5_000;

export class RedisServer {
  private constructor(private readonly program: ChildProcess, private readonly directory: string) {}

  static async start(): Promise<RedisServer> {
    const directory = mkdtempSync(join(tmpdir(), 'redis-'));
    const settings = ['--port', '0', '--unixsocket', socketPath(directory), '--dir', directory, '--save', '', '--appendonly', 'no'];
    const program = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
    const redis = new RedisServer(program, directory);
    const said: string[] = [];
    for await (const line of createInterface({ input: program.stdout })) {
      said.push(line);
      if (!/ready to accept connections/i.test(line)) continue;
      program.stdout.resume();
      if ((await redis.#ask('PING')).startsWith('+PONG')) return redis;
    }
    throw new Error(`redis-server ended before it was ready: ${said.join('\n')}`);
  }

  /** For `config/redis.ini`. */
  get settings(): string {
    return ['server', 'pubsub'].map((section) => `[${section}]\npath=${socketPath(this.directory)}\n`).join('');
  }

  /** Settles when the command has this number for its answer; who waits in vain ends by the test's own timeout. */
  async answers(command: string, number: number): Promise<void> {
    while (!(await this.#ask(command)).startsWith(`:${number}\r\n`));
  }

  /** Call after the hosts are closed: plugins do not wait for the goodbyes that they say to Redis, and this does. */
  async stop(): Promise<void> {
    const giveUpAtMs = Date.now() + MAX_STOP_MS;
    while (!/^connected_clients:1\r$/m.test(await this.#ask('INFO clients')) && Date.now() < giveUpAtMs);
    this.program.kill();
    await once(this.program, 'exit');
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #ask(command: string): Promise<string> {
    const socket = connect(socketPath(this.directory));
    socket.write(`${command}\r\nQUIT\r\n`);
    return Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString();
  }
}

function socketPath(directory: string): string {
  return join(directory, 'redis.sock');
}
