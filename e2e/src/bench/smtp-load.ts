// A sender that does as little as one can: sockets that are open already, commands in one packet (RFC 2920), messages made beforehand.

import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** MAIL, RCPT, DATA. */
const ENVELOPE_REPLIES = 3;

export interface Load {
  port: number;
  /** Each message is for one of them, in turn. */
  forwardPaths: readonly string[];
  sessions: number;
  messages: number;
  sizeBytes: number;
}

/** Sends all messages, one after another on each session; messages in a second. @throws what was refused */
export async function messagesPerSecond({ port, forwardPaths, sessions, messages, sizeBytes }: Load): Promise<number> {
  const senders = await Promise.all(Array.from({ length: sessions }, () => SmtpSender.connect(port)));
  const body = `${'The quick brown dove carries a letter over the hills. '.padEnd(70, 'x')}\r\n`.repeat(Math.ceil(sizeBytes / 72));
  let next = 0;
  const startMs = performance.now();
  await Promise.all(senders.map(async (sender) => {
    while (next < messages) {
      next += 1;
      await sender.send(forwardPaths[next % forwardPaths.length]!, `Subject: ${next}\r\nMessage-ID: <${startMs}.${next}@example.org>\r\n\r\n${body}`);
    }
  }));
  const seconds = (performance.now() - startMs) / 1000;
  for (const sender of senders) sender.close();
  return messages / seconds;
}

class SmtpSender {
  readonly #lines: AsyncIterator<string>;

  private constructor(private readonly socket: Socket) {
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async connect(port: number): Promise<SmtpSender> {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    await once(socket, 'connect');
    const sender = new SmtpSender(socket);
    await sender.#expect(/^220 /);
    socket.write('EHLO bench.example.org\r\n');
    await sender.#expect(/^250 /);
    return sender;
  }

  async send(forwardPath: string, message: string): Promise<void> {
    this.socket.write(`MAIL FROM:<bench@example.org> SIZE=${message.length}\r\nRCPT TO:<${forwardPath}>\r\nDATA\r\n`);
    for (let reply = 0; reply < ENVELOPE_REPLIES; reply += 1) await this.#expect(/^(?:250|354) /);
    this.socket.write(`${message}.\r\n`);
    await this.#expect(/^250 /);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The last line of one reply. */
  async #expect(pattern: RegExp): Promise<void> {
    for (;;) {
      const { value } = await this.#lines.next() as { value: string | undefined };
      if (value !== undefined && /^\d{3}-/.test(value)) continue;
      if (value === undefined || !pattern.test(value)) throw new Error(`bench: the server said ${value ?? 'nothing'}`);
      return;
    }
  }
}
