import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A dialogue in lines with one of the daemon's local servers, as a mail program has it. */
export class LineDialogue {
  readonly #lines: AsyncIterator<string>;

  private constructor(readonly socket: Socket) {
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async open(port: number, host = '127.0.0.1'): Promise<LineDialogue> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new LineDialogue(socket);
  }

  /** Sends a line, unless there is none to send, and reads to the first one that begins so; null when the server hangs up. */
  async ask(line: string | null, beginning: RegExp): Promise<string | null> {
    if (line !== null) this.socket.write(`${line}\r\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return null;
      if (beginning.test(value)) return value;
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
