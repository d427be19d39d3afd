// As much of a Redis server as the plugins need, in memory, speaking RESP2 on loopback: strings, hashes, sorted sets by
// score, expiry times that are kept but never come, transactions, and publish/subscribe by pattern.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

type Value = string | Map<string, string>;
type Answer = string | number | null | Answer[] | { status: string };

const OK: Answer = { status: 'OK' };

export class RedisDouble {
  readonly #values = new Map<string, Value>();
  readonly #expirySeconds = new Map<string, number>();
  readonly #subscriptions = new Map<Socket, Set<string>>();
  /** Names of the commands it was given and does not know. */
  readonly unknown: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RedisDouble> {
    const server = createServer();
    const double = new RedisDouble(server);
    server.on('connection', (socket) => double.#serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** For `config/redis.ini`. */
  get settings(): string {
    const endpoint = `host=127.0.0.1\nport=${this.port}\n`;
    return `[server]\n${endpoint}[pubsub]\n${endpoint}`;
  }

  hash(key: string): Record<string, string> {
    return Object.fromEntries(this.#hash(key));
  }

  setHash(key: string, fields: Record<string, string | number>): void {
    this.#values.set(key, new Map(Object.entries(fields).map(([name, value]) => [name, String(value)])));
  }

  /** Settles when the hash is so; a test that waits in vain ends by its own timeout. */
  async holds(key: string, fields: Record<string, string>): Promise<void> {
    while (!isDeepStrictEqual(this.hash(key), fields)) await setImmediate();
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  stop(): Promise<void> {
    for (const socket of this.#subscriptions.keys()) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#subscriptions.set(socket, new Set());
    let text = '';
    let queue: string[][] | null = null;
    socket.on('error', () => undefined).on('close', () => this.#subscriptions.delete(socket));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (let parsed = takeCommand(text); parsed !== null; parsed = takeCommand(text)) {
        text = parsed.rest;
        const [name = '', ...parameters] = parsed.command;
        const verb = name.toUpperCase();
        if (verb === 'MULTI') queue = [];
        else if (verb === 'EXEC') {
          const answers = (queue ?? []).map(([queued = '', ...rest]) => this.#answer(socket, queued.toUpperCase(), rest));
          queue = null;
          socket.write(format(answers));
          continue;
        } else if (queue !== null) {
          queue.push(parsed.command);
          socket.write(format({ status: 'QUEUED' }));
          continue;
        }
        socket.write(format(verb === 'MULTI' ? OK : this.#answer(socket, verb, parameters)));
        if (verb === 'QUIT') socket.end();
      }
    });
  }

  #answer(socket: Socket, verb: string, parameters: string[]): Answer {
    const [key = '', first = '', second = ''] = parameters;
    switch (verb) {
      case 'HELLO': case 'CLIENT': case 'SELECT': case 'QUIT': return OK;
      case 'PING': return { status: 'PONG' };
      case 'INFO': return 'redis_version:7.0.0\r\n';
      case 'GET': return (this.#values.get(key) as string | undefined) ?? null;
      case 'SET': this.#values.set(key, first); return OK;
      case 'DEL': return parameters.filter((name) => this.#values.delete(name)).length;
      case 'INCR': return this.#increase(key, 1);
      case 'INCRBY': return this.#increase(key, Number(first));
      case 'EXPIRE': this.#expirySeconds.set(key, Number(first)); return 1;
      case 'TTL': return this.#expirySeconds.get(key) ?? -1;
      case 'SCAN': return ['0', this.keys().filter((name) => matches(name, second))];
      case 'HGETALL': return [...this.#hash(key)].flat();
      case 'HGET': return this.#hash(key).get(first) ?? null;
      case 'HSET': return this.#setFields(key, parameters.slice(1));
      case 'HINCRBY': return this.#increaseField(key, first, Number(second));
      case 'PUBLISH': return this.#publish(key, first);
      case 'PSUBSCRIBE': this.#subscriptions.get(socket)?.add(key); return ['psubscribe', key, 1];
      case 'PUNSUBSCRIBE': this.#subscriptions.get(socket)?.delete(key); return ['punsubscribe', key, 0];
      default: this.unknown.push(verb); return OK;
    }
  }

  #hash(key: string): Map<string, string> {
    const value = this.#values.get(key);
    return value instanceof Map ? value : new Map();
  }

  #increase(key: string, by: number): number {
    const value = Number(this.#values.get(key) ?? 0) + by;
    this.#values.set(key, String(value));
    return value;
  }

  #setFields(key: string, pairs: string[]): number {
    const hash = this.#hash(key);
    for (let at = 0; at < pairs.length; at += 2) hash.set(pairs[at]!, pairs[at + 1]!);
    this.#values.set(key, hash);
    return pairs.length / 2;
  }

  #increaseField(key: string, field: string, by: number): number {
    const value = Number(this.#hash(key).get(field) ?? 0) + by;
    this.#setFields(key, [field, String(value)]);
    return value;
  }

  #publish(channel: string, message: string): number {
    let heard = 0;
    for (const [socket, patterns] of this.#subscriptions) {
      for (const pattern of patterns) {
        if (!matches(channel, pattern)) continue;
        socket.write(format(['pmessage', pattern, channel, message]));
        heard += 1;
      }
    }
    return heard;
  }
}

/** An array of bulk strings, as clients send commands; `null` as long as one is not complete. */
function takeCommand(text: string): { command: string[]; rest: string } | null {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return null;
  let rest = text.slice(head[0].length);
  const command: string[] = [];
  while (command.length < Number(head[1])) {
    const bulk = /^\$(\d+)\r\n/.exec(rest);
    if (bulk === null) return null;
    const end = bulk[0].length + Number(bulk[1]);
    if (rest.length < end + 2) return null;
    command.push(rest.slice(bulk[0].length, end));
    rest = rest.slice(end + 2);
  }
  return { command, rest };
}

function format(answer: Answer): string {
  if (answer === null) return '$-1\r\n';
  if (typeof answer === 'number') return `:${answer}\r\n`;
  if (typeof answer === 'string') return `$${answer.length}\r\n${answer}\r\n`;
  if (Array.isArray(answer)) return `*${answer.length}\r\n${answer.map(format).join('')}`;
  return `+${answer.status}\r\n`;
}

function matches(text: string, pattern: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
