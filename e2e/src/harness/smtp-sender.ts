// A sender that does as little as one can: one connection, the commands of a message in one packet (RFC 2920), exact octets.

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** MAIL, RCPT, DATA. */
const ENVELOPE_REPLIES = 3;

/** Submission: TLS from the first octet, a session token as the password. */
export interface SubmissionAccess {
  certificateAuthority: Buffer;
  address: string;
  token: string;
}

export class SmtpSender {
  readonly #lines: AsyncIterator<string>;

  private constructor(private readonly socket: Socket) {
    const lines = createInterface({ input: socket });
    this.#lines = lines[Symbol.asyncIterator]();
    socket.on('error', () => {}).on('close', () => lines.close());   // readline itself notices an orderly end alone
  }

  /** To a listener for mail from outside or, with `access`, for users' mail. @throws when there is none, or none that takes us now */
  static async connect(port: number, access?: SubmissionAccess): Promise<SmtpSender> {
    const socket = access === undefined ? connect(port, '127.0.0.1') : connectTls({ port, host: '127.0.0.1', ca: access.certificateAuthority });
    await once(socket.setNoDelay(), access === undefined ? 'connect' : 'secureConnect');
    const sender = new SmtpSender(socket);
    await sender.#expect(220);
    await sender.#command('EHLO sender.example.org', 250);
    if (access !== undefined) await sender.#command(`AUTH PLAIN ${Buffer.from(`\0${access.address}\0${access.token}`).toString('base64')}`, 235);
    return sender;
  }

  /** The reply to the message or, when it was refused before, to that command. @throws when the connection breaks */
  async send(reversePath: string, forwardPath: string, message: string | Uint8Array): Promise<string> {
    this.socket.write(`MAIL FROM:<${reversePath}> SIZE=${message.length}\r\nRCPT TO:<${forwardPath}>\r\nDATA\r\n`);
    const replies: string[] = [];
    while (replies.length < ENVELOPE_REPLIES) replies.push(await this.#reply());
    const refusal = replies.find((reply) => !/^(?:250|354)/.test(reply));
    if (refusal !== undefined) {
      await this.#command('RSET', 250);
      return refusal;
    }
    this.socket.write(message);
    this.socket.write('.\r\n');
    return this.#reply();
  }

  close(): void {
    this.socket.destroy();
  }

  async #command(line: string, expected: number): Promise<void> {
    this.socket.write(`${line}\r\n`);
    await this.#expect(expected);
  }

  async #expect(code: number): Promise<void> {
    const reply = await this.#reply();
    if (!reply.startsWith(String(code))) throw new Error(`the server said ${reply}`);
  }

  /** The last line of one reply. */
  async #reply(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error('the connection broke');
      if (!/^\d{3}-/.test(value)) return value;
    }
  }
}
