// A bare SMTP client for tests: sends lines as given, and gives replies as they come.

import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

export class SmtpClient {
  readonly #replies: AsyncIterator<string>;

  private constructor(readonly socket: Socket) {
    this.#replies = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  }

  /** Connects, to a Unix socket where a path is given, and says EHLO, or LHLO to an LMTP server. */
  static async connect(port: number | string, hello: 'EHLO' | 'LHLO' = 'EHLO'): Promise<SmtpClient> {
    const socket = typeof port === 'number' ? connect(port, '127.0.0.1') : connect(port);
    await once(socket, 'connect');
    return SmtpClient.#greet(socket, hello);
  }

  /** On a connection that is past its greeting. */
  static over(socket: Socket): SmtpClient {
    return new SmtpClient(socket);
  }

  /** The first line that a server says. */
  static async greeting(port: number): Promise<string> {
    const client = new SmtpClient(connect(port, '127.0.0.1'));
    const line = await client.readReply();
    client.close();
    return line;
  }

  /** As `connect`, over TLS from the first octet; `ca`: PEM of the server's certificate; `options`: of TLS, such as a certificate of the client's own. */
  static async connectSecurely(port: number, ca: Buffer, options: ConnectionOptions = {}): Promise<SmtpClient> {
    const socket = connectTls({ port, host: '127.0.0.1', ca, ...options });
    await once(socket, 'secureConnect');
    return SmtpClient.#greet(socket);
  }

  static async #greet(socket: Socket, hello = 'EHLO'): Promise<SmtpClient> {
    const client = new SmtpClient(socket);
    await client.readReply();
    await client.command(`${hello} client.example`);
    return client;
  }

  async command(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return this.readReply();
  }

  /** The commands of one message up to the reply after DATA; stops at the first that is refused. */
  async send(reversePath: string, forwardPaths: readonly string[], data: string): Promise<string> {
    const envelope = [`MAIL FROM:<${reversePath}>`, ...forwardPaths.map((forwardPath) => `RCPT TO:<${forwardPath}>`), 'DATA'];
    for (const line of envelope) {
      const reply = await this.command(line);
      if (!/^[23]/.test(reply)) return reply;
    }
    this.socket.write(Buffer.from(data));
    return this.command(data.endsWith('\r\n') ? '.' : '\r\n.');
  }

  async logIn(address: string, password: string): Promise<string> {
    return this.command(`AUTH PLAIN ${Buffer.from(`\0${address}\0${password}`).toString('base64')}`);
  }

  /** All lines of one reply, parted by line feeds. */
  async readReply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const { value, done } = await this.#replies.next();
      if (done === true) return lines.join('\n');
      lines.push(value);
      if (/^\d{3}(?: |$)/.test(value)) return lines.join('\n');
    }
  }

  close(): void {
    this.socket.destroy();
  }
}
