// Tables for Postfix, socketmap_table(5), with which it refuses at RCPT whom we do not know. One question at a time on a connection:
// the next is read when the last is answered.

import { createServer, type Server, type Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { listen } from '../smtp/listen.js';
import { LookupTables } from './lookup-tables.js';
import { formatNetstring, parseNetstrings } from './netstring.js';

/** Each process of Postfix keeps one; its default is 100 processes of a kind. */
const MAX_CONNECTIONS = 500;
/** Postfix opens a connection anew when it needs one. */
const IDLE_TIMEOUT_MS = 5 * 60_000;

@Injectable()
export class SocketmapListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration, private readonly tables: LookupTables, private readonly log: Log) {
    this.#server = createServer((socket) => void this.#serve(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Null where none is configured, or on a Unix socket. @throws {StartError} "portTaken" */
  async open(): Promise<number | null> {
    return this.configuration.socketmap === undefined ? null : listen(this.#server, this.configuration.socketmap);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy()));
    try {
      for await (const request of parseNetstrings(socket)) socket.write(formatNetstring(await this.#answer(request.toString())));
    } catch {
      // the client has left
    } finally {
      this.#sockets.delete(socket.destroy());
    }
  }

  async #answer(request: string): Promise<string> {
    try {
      return await this.tables.answer(request);
    } catch (error) {
      this.log.bug(error);
      return 'TEMP internal error';
    }
  }
}
