import { createConnection, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';

/** Under the time of a test, so that it says what it waited for; far over what a busy machine needs. */
const PATIENCE_MS = 25_000;

/** A client end that reads line by line. */
export class LineSocket {
  #text = '';
  #hasEnded = false;
  #wake: (() => void) | null = null;

  #output: Writable;
  readonly #onOctets = (octets: Buffer): void => { this.#text += octets.toString('utf8'); this.#wake?.(); };

  readonly #onEnd = (): void => { this.#hasEnded = true; this.#wake?.(); };

  private constructor(readonly socket: Socket) {
    this.#output = socket;
    socket.on('data', this.#onOctets);
    socket.on('close', this.#onEnd);
    socket.on('error', () => {});
  }

  static connect(port: number): Promise<LineSocket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ port, host: '127.0.0.1', noDelay: true }, () => resolve(new LineSocket(socket)));
      socket.once('error', reject);
    });
  }

  send(text: string | Uint8Array): void {
    this.#output.write(text);
  }

  /** From now on DEFLATE goes both ways (RFC 4978). */
  compress(): void {
    this.socket.off('data', this.#onOctets).off('close', this.#onEnd);
    const inflate = createInflateRaw({ flush: constants.Z_SYNC_FLUSH }).on('data', this.#onOctets);
    // Inflating takes its time: what has come is heard before the end.
    inflate.on('error', this.#onEnd).on('end', this.#onEnd);
    this.socket.pipe(inflate);
    this.socket.once('close', () => inflate.end());
    const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
    deflate.pipe(this.socket);
    this.#output = deflate;
  }

  /** The next line without CRLF; null at the end of the connection. */
  async readLine(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return line;
      }
      if (this.#hasEnded) return null;
      await this.#more();
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server said nothing more than ${JSON.stringify(this.#text)}`)), PATIENCE_MS);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
