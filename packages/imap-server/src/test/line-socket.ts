import { createConnection, type Socket } from 'node:net';

const PATIENCE_MS = 5000;

/** A client end that reads line by line. */
export class LineSocket {
  #text = '';
  #hasEnded = false;
  #wake: (() => void) | null = null;

  private constructor(readonly socket: Socket) {
    socket.on('data', (octets) => { this.#text += octets.toString('utf8'); this.#wake?.(); });
    socket.on('close', () => { this.#hasEnded = true; this.#wake?.(); });
    socket.on('error', () => {});
  }

  static connect(port: number): Promise<LineSocket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ port, host: '127.0.0.1', noDelay: true }, () => resolve(new LineSocket(socket)));
      socket.once('error', reject);
    });
  }

  send(text: string | Uint8Array): void {
    this.socket.write(text);
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
