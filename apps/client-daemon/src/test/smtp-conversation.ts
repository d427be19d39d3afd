// A conversation with an SMTP server as a test: `C:` lines are sent, `S:` lines must come, in this order and no others between.
// `…` within a line stands for any text.

import { connect, type Socket } from 'node:net';
import { expect } from '@jest/globals';

const PATIENCE_MS = 5_000;

export class SmtpConversation {
  readonly #socket: Socket;
  #text = '';
  #hasEnded = false;
  #wake: () => void = () => {};

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (octets) => { this.#text += octets.toString('utf8'); this.#wake(); });
    this.#socket.on('close', () => { this.#hasEnded = true; this.#wake(); });
    this.#socket.on('error', () => {});
  }

  async run(script: string): Promise<void> {
    for (const line of script.split('\n').map((each) => each.trimStart()).filter((each) => each !== '')) {
      if (line.startsWith('C:')) this.send(`${line.slice(3)}\r\n`);
      else expect(await this.readLine()).toMatch(patternOf(line.slice(3)));
    }
  }

  /** Sends exactly these octets. */
  send(octets: string | Uint8Array): void {
    this.#socket.write(octets);
  }

  /** The next line; `null` when the server has closed the connection. */
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

  /** Goes away without a word. */
  close(): void {
    this.#socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server said nothing more than ${JSON.stringify(this.#text)}`)), PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function patternOf(expected: string): RegExp {
  return new RegExp(`^${expected.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}$`, 's');
}
