// The least that speaks to an IMAP server: sends a command, counts what comes back, knows when it is answered. It parses
// nothing, so what is measured is the server.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Behind a line end: what is searched for the end of an answer must not miss it between two packets. */
const TAIL_BYTES = 1024;

export interface Answer {
  /** Octets of the whole answer. */
  octets: number;
  /** The last of them: the completion and what stands right before. */
  tail: string;
}

export class ImapConnection {
  #serial = 0;
  #octets = 0;
  #tail = '';
  #heard: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#octets += chunk.length;
      this.#tail = (this.#tail + chunk.subarray(-TAIL_BYTES).toString('latin1')).slice(-TAIL_BYTES);
      this.#heard();
    });
  }

  static async open(port: number, { user, password }: { user: string; password: string }): Promise<ImapConnection> {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    await once(socket, 'connect');
    const connection = new ImapConnection(socket);
    await connection.hears(/^\* OK.*\r\n/);
    await connection.command(`LOGIN "${user}" "${password}"`);
    return connection;
  }

  /** Literals in the text are non-synchronizing (RFC 7888). @throws when the answer is not OK */
  async command(...pieces: readonly (string | Uint8Array)[]): Promise<Answer> {
    const tag = `T${this.#serial += 1}`;
    this.#start([`${tag} `, ...pieces, '\r\n']);
    const tail = await this.hears(new RegExp(`(?:^|\r\n)${tag} (?:OK|NO|BAD)[^\r]*\r\n$`));
    if (!tail.includes(`${tag} OK`)) throw new Error(`bench: ${String(pieces[0]).slice(0, 100)}: ${tail.split('\r\n').at(-2)}`);
    return { octets: this.#octets, tail };
  }

  /** Begins IDLE (RFC 2177). */
  async idle(): Promise<void> {
    this.#start([`T${this.#serial += 1} IDLE\r\n`]);
    await this.hears(/\+ [^\r]*\r\n$/);
    this.#tail = '';
  }

  async done(): Promise<void> {
    this.#start(['DONE\r\n']);
    await this.hears(new RegExp(`T${this.#serial} OK[^\r]*\r\n$`));
  }

  /** The last octets, once they match. */
  async hears(wanted: RegExp): Promise<string> {
    while (!wanted.test(this.#tail)) await new Promise<void>((resolve) => { this.#heard = resolve; });
    return this.#tail;
  }

  close(): void {
    this.socket.destroy();
  }

  #start(pieces: readonly (string | Uint8Array)[]): void {
    [this.#octets, this.#tail] = [0, ''];
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }
}
