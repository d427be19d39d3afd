// The way in of a connection: asks the socket for octets only while a command is awaited, so a peer that sends faster
// than it is served is held back by TCP.

import type { Readable } from 'node:stream';
import { CommandFramer, type Frame, type FrameLimits } from '../wire/command-framer.js';
import type { ResponseWriter } from './response-writer.js';

export type CommandFrame = Extract<Frame, { kind: 'command' }>;
export type RefusedFrame = Extract<Frame, { kind: 'refused' }>;

const PROGRESS = ['readable', 'end', 'close'] as const;

export class CommandSource {
  #framer = new CommandFramer();
  #stream: Readable;
  /** Called when the stream has octets, and when it has ended. */
  #onProgress = (): void => {};
  readonly #listener = (): void => this.#onProgress();

  /** `onOctets` hears what came, for debugging. */
  constructor(stream: Readable, private readonly writer: ResponseWriter, private readonly onOctets: (octets: Uint8Array) => void) {
    this.#stream = stream;
    this.#listen();
  }

  /** Lets go of the stream; true when nothing that it brought is left unread. */
  release(): boolean {
    for (const event of PROGRESS) this.#stream.off(event, this.#listener);
    return this.#framer.isEmpty && this.#stream.readableLength === 0;
  }

  /** Goes on over another stream (STARTTLS, COMPRESS). */
  moveTo(stream: Readable): void {
    const { limits } = this.#framer;
    this.#framer = new CommandFramer();
    this.#framer.limits = limits;
    this.#stream = stream;
    this.#listen();
  }

  set limits(limits: FrameLimits) {
    this.#framer.limits = limits;
  }

  /**
   * The next command, or null when the peer has gone. Asks for announced literals on the way. `onArrival` is waited for as soon
   * as something has come of it.
   */
  async next(onArrival: (() => Promise<void>) | null = null): Promise<CommandFrame | RefusedFrame | null> {
    for (;;) {
      const frame = this.#framer.next();
      if (frame && onArrival) await onArrival();
      if (frame?.kind === 'literalAnnounced') await this.requestContinuation('go ahead');
      else if (frame) return frame;
      else if (!(await this.#readChunk())) return null;
      else if (onArrival) await onArrival();
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

  /** False at the end, which a reset by the peer and a time limit are too. */
  async #readChunk(): Promise<boolean> {
    for (;;) {
      const chunk = this.#stream.read() as Uint8Array | null;
      if (chunk) {
        this.onOctets(chunk);
        this.#framer.push(chunk);
        return true;
      }
      if (this.#stream.readableEnded || this.#stream.destroyed) return false;
      await new Promise<void>((resolve) => { this.#onProgress = resolve; });
    }
  }

  #listen(): void {
    for (const event of PROGRESS) this.#stream.on(event, this.#listener);
  }
}
