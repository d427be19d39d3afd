// CHUNKING (RFC 3030 §2): a message in octet-counted chunks instead of lines up to a dot. The first chunk goes through the handler of
// DATA, so that whoever takes part in DATA takes part in BDAT, and the message is one stream for whoever reads it, however it was cut.
//
// A chunk that nobody wants is read and forgotten before it is refused: its octets are never commands.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer, SMTPServerDataStream } from 'smtp-server';
import type { SMTPConnection, SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { DsnConnection } from '../dsn/dsn-connection.js';
import type { Done, Reply } from '../reply/replying-connection.js';
import { parseBdat, type Chunk } from './bdat-command.js';
import { ChunkParser } from './chunk-parser.js';
import { ChunkedMessage } from './chunked-message.js';

type Handler = ReturnType<SMTPConnection['_getHandler']>;
type DataCallback = Parameters<SMTPServer['onData']>[2];

/** For a handler that would take half a message. */
const TOO_LARGE = Object.assign(new Error('5.3.4 message is too large'), { responseCode: 552 });
/** Neither DATA nor another envelope once the first chunk is there. */
const BETWEEN_CHUNKS: ReadonlySet<string> = new Set(['BDAT', 'RSET', 'NOOP', 'QUIT', 'HELO', 'EHLO', 'LHLO', 'VRFY', 'HELP']);

export class ChunkingConnection extends DsnConnection {
  #isBeginning = false;
  /** From its first chunk to the reply after its last. */
  #message: ChunkedMessage | null = null;

  constructor(server: SMTPServer, socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null) {
    // Its own view of the server, on which a handler of its own can stand.
    const view = Object.create(server) as SMTPServer;
    super(view, socket, options);
    view.onData = (stream, session, callback) => server.onData(stream, session, this.#isBeginning ? this.#begin(stream, callback) : callback);
  }

  override handler_EHLO(command: Buffer, callback: Done): void {
    this.withhold((done) => super.handler_EHLO(command, done), (reply) => {
      const isOffered = reply?.code === 250 && this._isSupported('BDAT');
      if (reply !== null) this.send(reply.code, isOffered ? [reply.data ?? [], 'CHUNKING'].flat() : reply.data, reply.context);
      callback();
    });
  }

  handler_BDAT(command: Buffer, callback: Done): void {
    const chunk = parseBdat(command.toString('latin1'));
    if (chunk === null) return this.#hangUp(callback);
    if (this.#message !== null) return this.#takeChunk(chunk, this.#message, callback);
    this.#isBeginning = true;
    this.withhold((done) => this.handler_DATA(command, done), (reply) => {
      this.#isBeginning = false;
      if (this.#message === null) this.#dropChunk(chunk, reply, callback);
      else this.#takeChunk(chunk, this.#message, callback);
    });
  }

  override _getHandler(command: string): Handler {
    const handler = super._getHandler(command);
    return handler !== undefined && this.#message !== null && !BETWEEN_CHUNKS.has(command) ? this.#refuseBetweenChunks : handler;
  }

  override _createParser(): ChunkParser {
    const parser = new ChunkParser({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  /** RFC 3030 §2: RSET forgets the chunks so far; so does whatever else ends a transaction. */
  override _resetSession(): void {
    if (this.#message !== null) this._dataStream = false;
    this.#message?.abandon();
    this.#message = null;
    super._resetSession();
  }

  /** smtp-server would wait for ever: a message that has begun and is not coming in is to it one that its handler thinks about. */
  override _onTimeout(): void {
    if (this.#message?.isOpen && !this._handlerPending && !this._closing) this.send(421, 'Timeout - closing connection');
    else super._onTimeout();
  }

  /** For a BDAT that is not wanted, whatever it says: `reply` comes after its octets. */
  protected refuseChunk(command: Buffer, reply: Reply, callback: Done): void {
    const chunk = parseBdat(command.toString('latin1'));
    if (chunk === null) this.#hangUp(callback);
    else this.#dropChunk(chunk, reply, callback);
  }

  #begin(stream: SMTPServerDataStream, callback: DataCallback): DataCallback {
    const message = new ChunkedMessage(stream);
    this.#message = message;
    return (error, result) => message.judge(() => callback(error ?? (message.isCutShort ? TOO_LARGE : null), result));
  }

  #takeChunk(chunk: Chunk, message: ChunkedMessage, callback: Done): void {
    const { sizeBytes } = chunk;
    this.#parser?.readChunk({ sizeBytes, isKept: true, atEnd: ({ readOn, endMessage }) => {
      if (chunk.isLast || this.#isHopeless(message)) {
        endMessage();
        message.end(chunk.isLast ? 'whole' : 'cutShort');
        return;
      }
      this.send(250, `${sizeBytes} octets received`);
      this._whenWritable(readOn);
    } }, callback);
  }

  #dropChunk({ sizeBytes }: Chunk, reply: Reply | null, callback: Done): void {
    this.#parser?.readChunk({ sizeBytes, isKept: false, atEnd: ({ readOn }) => {
      if (reply !== null) this.send(reply.code, reply.data, reply.context);
      this._whenWritable(readOn);
    } }, callback);
  }

  /** Its sender should hear so now and not after the last chunk. With LMTP the last one alone has a reply for each recipient (RFC 2033 §4.2). */
  #isHopeless(message: ChunkedMessage): boolean {
    return message.isTooLarge && this._server.options.lmtp !== true;
  }

  /** Departs from RFC 5321 §3.8, which has servers wait for better commands: what follows may be a chunk. */
  #hangUp(callback: Done): void {
    this.send(501, 'Error: syntax: BDAT size [LAST]');
    this.close();
    callback();
  }

  #refuseBetweenChunks(_command: Buffer, callback: Done): void {
    this.send(503, 'Error: the message has begun, send BDAT or RSET');
    callback();
  }

  /** `null` once the connection is over. */
  get #parser(): ChunkParser | null {
    return this._parser instanceof ChunkParser ? this._parser : null;
  }
}
