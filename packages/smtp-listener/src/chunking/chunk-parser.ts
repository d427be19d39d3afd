// smtp-server's parser knows lines and, after DATA, octets up to a lonely dot. Here it also knows octets that are counted: nothing in
// them is a command, a line or a dot that stands for another.

import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

type Callback = (error?: Error | null) => void;

/** How the parser goes on after a chunk: one of both must be called, once. */
export interface AfterChunk {
  /** With the next command. */
  readOn: () => void;
  /** With the end of the message; the next command waits for its reply. */
  endMessage: () => void;
}

export interface ChunkReading {
  sizeBytes: number;
  /** Whether the octets belong to the message, or are read and forgotten. */
  isKept: boolean;
  atEnd: (after: AfterChunk) => void;
}

const NOTHING = Buffer.alloc(0);

export class ChunkParser extends SMTPStream {
  #chunk: ChunkReading | null = null;
  #leftBytes = 0;
  #isWriting = false;
  /** What came behind a chunk in the same packet. */
  #rest: Buffer = NOTHING;

  /** The octets behind the command that is being handled are a chunk. `callback` is the command's own, and called here. */
  readChunk(chunk: ChunkReading, callback: () => void): void {
    this._dataMode = true;
    this.#chunk = chunk;
    this.#leftBytes = chunk.sizeBytes;
    if (chunk.sizeBytes === 0) this._feedDataStream(NOTHING, callback);
    else callback();
  }

  /** A packet of a thousand chunks is no stack of a thousand calls, and others have their turn between two of them. */
  override _write(octets: Buffer, encoding: BufferEncoding | 'buffer', done: Callback): void {
    if (this.#isWriting) return super._write(octets, encoding, done);
    this.#isWriting = true;
    super._write(octets, encoding, (error) => {
      this.#isWriting = false;
      const rest = this.#rest;
      this.#rest = NOTHING;
      if (error || rest.length === 0) done(error);
      else setImmediate(() => this._write(rest, 'buffer', done));
    });
  }

  override _feedDataStream(octets: Buffer, done: Callback): void {
    const chunk = this.#chunk;
    if (chunk === null) return super._feedDataStream(octets, done);
    const own = octets.subarray(0, this.#leftBytes);
    this.#leftBytes -= own.length;
    const isWhole = this.#leftBytes === 0;
    const next = isWhole ? () => this.#endChunk(chunk, octets.subarray(own.length), done) : done;
    if (chunk.isKept) this.#keep(own, next);
    else next();
  }

  #endChunk(chunk: ChunkReading, rest: Buffer, done: Callback): void {
    this.#chunk = null;
    this.#rest = rest;
    this._dataMode = false;
    chunk.atEnd({ readOn: done, endMessage: () => this._endDataMode(false, NOTHING, done) });
  }

  /** Waits until whoever reads the message has room again. */
  #keep(octets: Buffer, next: () => void): void {
    const stream = this._dataStream;
    this._countDataBytes(octets.length);
    if (!stream?.writable || stream.write(octets) || stream.destroyed) return next();
    const goOn = (): void => {
      stream.off('drain', goOn).off('close', goOn);   // one that is destroyed never drains
      next();
    };
    stream.on('drain', goOn).on('close', goOn);
  }
}
