import { connect, type Socket } from 'node:net';
import { PASSWORD } from './memory-gateway.js';

const LITERAL_HEADER = /\{(\d+)\}\r\n$/;

export interface OctetAnswer {
  /** Octets of the literals, in their order. */
  literals: Buffer[];
  /** The rest of the answer, literals left out. */
  text: string;
  /** What follows the tag. */
  completion: string;
}

/** A client end that takes an answer apart as the grammar has it (RFC 9051 §9): lines, and literals of as many octets as they say. */
export class OctetSocket {
  #serial = 0;
  #received = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #wake = (): void => undefined;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#wake();
    });
  }

  static async logIn(port: number): Promise<OctetSocket> {
    const client = new OctetSocket(connect(port, '127.0.0.1'));
    await client.#line();
    await client.command(`LOGIN alice@example.org ${JSON.stringify(PASSWORD)}`);
    return client;
  }

  async command(text: string): Promise<OctetAnswer> {
    const tag = `h${this.#serial += 1}`;
    this.socket.write(`${tag} ${text}\r\n`);
    const answer: OctetAnswer = { literals: [], text: '', completion: '' };
    for (;;) {
      const line = await this.#line();
      if (line.startsWith(`${tag} `)) return { ...answer, completion: line.slice(tag.length + 1).trimEnd() };
      answer.text += line;
      const sizeBytes = LITERAL_HEADER.exec(line)?.[1];
      if (sizeBytes !== undefined) answer.literals.push(await this.#octets(Number(sizeBytes)));
    }
  }

  close(): void {
    this.socket.destroy();
  }

  async #line(): Promise<string> {
    let end = this.#received.indexOf('\n');
    while (end < 0) {
      await this.#more();
      end = this.#received.indexOf('\n');
    }
    return (await this.#octets(end + 1)).toString('latin1');
  }

  async #octets(count: number): Promise<Buffer> {
    while (this.#received.length < count) await this.#more();
    const octets = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return octets;
  }

  async #more(): Promise<void> {
    while (this.#chunks.length === 0) await new Promise<void>((resolve) => { this.#wake = resolve; });
    this.#received = Buffer.concat([this.#received, ...this.#chunks.splice(0)]);
  }
}
