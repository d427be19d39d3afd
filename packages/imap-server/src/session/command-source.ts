// The way in of a connection: asks the socket for octets only while a command is awaited, so a peer that sends faster
// than it is served is held back by TCP.

import type { Readable } from 'node:stream';
import { CommandFramer, type Frame, type FrameLimits } from '../wire/command-framer.js';
import type { ResponseWriter } from './response-writer.js';

export type CommandFrame = Extract<Frame, { kind: 'command' }>;
export type RefusedFrame = Extract<Frame, { kind: 'refused' }>;

export class CommandSource {
  #framer = new CommandFramer();
  #chunks: AsyncIterator<Uint8Array>;

  /** `onOctets` hears what came, for debugging. */
  constructor(stream: Readable, private readonly writer: ResponseWriter, private readonly onOctets: (octets: Uint8Array) => void) {
    this.#chunks = chunksOf(stream);
  }

  /** Lets go of the socket; true when nothing that it brought is left unread. */
  async release(): Promise<boolean> {
    await this.#chunks.return?.();
    return this.#framer.isEmpty;
  }

  /** Goes on over another stream (STARTTLS, COMPRESS). */
  moveTo(stream: Readable): void {
    const { limits } = this.#framer;
    this.#framer = new CommandFramer();
    this.#framer.limits = limits;
    this.#chunks = chunksOf(stream);
  }

  set limits(limits: FrameLimits) {
    this.#framer.limits = limits;
  }

  /**
   * The next command, or null when the peer has gone. Asks for announced literals on the way. `onArrival` is waited for as soon
   * as something has come of it.
   */
  async next(onArrival: () => Promise<void> = async () => {}): Promise<CommandFrame | RefusedFrame | null> {
    for (;;) {
      const frame = this.#framer.next();
      if (frame) await onArrival();
      if (frame?.kind === 'literalAnnounced') await this.requestContinuation('go ahead');
      else if (frame) return frame;
      else if (!(await this.#readChunk())) return null;
      else await onArrival();
    }
  }

  /** A line that is no command (RFC 2177 `DONE`, SASL answers); null when the peer has gone or sends something else. */
  async nextLine(): Promise<string | null> {
    const frame = await this.next();
    const segment = frame?.kind === 'command' && frame.segments.length === 1 ? frame.segments[0] : undefined;
    return segment?.text ?? null;
  }

  /** continue-req = "+" SP (resp-text / base64) CRLF */
  async requestContinuation(text: string): Promise<void> {
    await this.writer.write(`+ ${text}\r\n`);
    await this.writer.flush();
  }

  async #readChunk(): Promise<boolean> {
    try {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.onOctets(value);
      this.#framer.push(value);
      return true;
    } catch {
      return false; // reset by the peer, or closed by a time limit: the same as an end
    }
  }
}

function chunksOf(stream: Readable): AsyncIterator<Uint8Array> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
}
