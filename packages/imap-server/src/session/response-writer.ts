// The way out of a connection. Small pieces are gathered and sent together; a full socket makes the writer wait, so a
// slow reader slows its own session down and costs no memory.

import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ImapError } from '../imap-error.js';
import { GatheredOctets } from './gathered-octets.js';
import { socketEvent } from './socket-event.js';

/** Gathered before they are sent. */
const GATHERED_BYTES = 64 * 1024;
/** One promise for the many writes that wait for nothing. */
const THERE_IS_ROOM = Promise.resolve();

export class ResponseWriter {
  readonly #gathered = new GatheredOctets();

  /** `onOctets` hears what goes out, for debugging. */
  constructor(private stream: Writable, private readonly onOctets: (octets: Uint8Array) => void) {}

  /** Goes on over another stream (STARTTLS, COMPRESS). Nothing may be gathered. */
  moveTo(stream: Writable): void {
    this.stream = stream;
  }

  /** Nobody reads the pieces any more: all that was written has gone out. */
  get hasSentAll(): boolean {
    return this.#gathered.sizeBytes === 0 && this.stream.writableLength === 0;
  }

  /** One untagged response, without `* ` and CRLF; text is written as UTF-8. */
  untagged(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    return this.write('* ', ...pieces, '\r\n');
  }

  /**
   * Resolves when there is room for more. The pieces may still be in use: their owner must not change them.
   * @throws {ImapError} "connectionLost"
   */
  write(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    this.gather(...pieces);
    return this.#gathered.sizeBytes < GATHERED_BYTES ? THERE_IS_ROOM : this.#makeRoom();
  }

  /** Keeps pieces for the next `write` or `flush`, which must come before they are too many to be held. */
  gather(...pieces: readonly (string | Uint8Array)[]): void {
    for (const piece of pieces) this.#gathered.add(piece);
  }

  /** @throws {ImapError} "connectionLost" */
  async flush(): Promise<void> {
    if (this.stream.destroyed || this.stream.writableEnded) throw new ImapError('connectionLost', 'the peer is gone');
    if (this.#gathered.sizeBytes === 0) return;
    const isRoom = this.#send(this.#gathered.take());
    // A write that was larger than the stream likes and has gone out at once leaves nothing to wait for.
    if (!isRoom && this.stream.writableLength > 0) await socketEvent(this.stream, 'drain');
  }

  async #makeRoom(): Promise<void> {
    await this.flush();
    await setImmediate(); // a long answer lets other sessions have their turn
  }

  /** Together in one system call. False when the stream has more than it likes. */
  #send(pieces: readonly Uint8Array[]): boolean {
    for (const piece of pieces) this.onOctets(piece);
    if (pieces.length === 1) return this.stream.write(pieces[0]!);
    this.stream.cork();
    const isRoom = pieces.map((piece) => this.stream.write(piece)).at(-1) ?? true;
    this.stream.uncork();
    return isRoom;
  }
}
