// The rest of the internet: a stranger's mail server that takes everything but mail for `nobody`, and a stranger who sends.

import type { AddressInfo } from 'node:net';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMessage {
  reversePath: string;
  forwardPaths: string[];
  octets: Buffer;
}

export class StrangersServer {
  readonly received: ReceivedMessage[] = [];
  readonly port: number;
  readonly #server: SMTPServer;
  readonly #waiting: (() => void)[];

  private constructor(server: SMTPServer, port: number, received: ReceivedMessage[], waiting: (() => void)[]) {
    this.#server = server;
    this.port = port;
    this.received = received;
    this.#waiting = waiting;
  }

  static start(): Promise<StrangersServer> {
    const received: ReceivedMessage[] = [];
    const waiting: (() => void)[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo({ address }, _session, callback) {
        callback(address.startsWith('nobody@') ? Object.assign(new Error('5.1.1 no such mailbox'), { responseCode: 550 }) : null);
      },
      onData(stream, session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({ reversePath: mailFrom ? mailFrom.address : '', forwardPaths: rcptTo.map(({ address }) => address), octets: Buffer.concat(chunks) });
          callback();
          for (const wake of waiting.splice(0)) wake();
        });
      },
    });
    return new Promise((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(new StrangersServer(server, (server.server.address() as AddressInfo).port, received, waiting)));
    });
  }

  /** Waits until `count` messages have come. */
  async messages(count: number): Promise<ReceivedMessage[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.received;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Sends exact octets from outside to the provider's MX. @throws what the server answered */
export async function sendFromOutside(mxPort: number, { reversePath, forwardPaths, octets }: { reversePath: string; forwardPaths: string[]; octets: Buffer }): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: mxPort, tls: { rejectUnauthorized: false }, name: 'mail.example.org' });
  try {
    await transport.sendMail({ envelope: { from: reversePath, to: forwardPaths }, raw: octets });
  } finally {
    transport.close();
  }
}

/** A multipart message as an ordinary program would build it. */
export async function composeWithNodemailer(mail: SendMailOptions): Promise<Buffer> {
  const built = await nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail(mail);
  return built.message as Buffer;
}
