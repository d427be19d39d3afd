// A listener on port 0 that takes every recipient but `nobody@…`, and every message.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { SMTPServerDataStream, SMTPServerOptions } from 'smtp-server';
import { SmtpConversation } from '@paloma/test-kit';
import { isAbandonment } from '../chunking/abandonment.js';
import { SmtpListener } from '../smtp-listener.js';

type DataHandler = NonNullable<SMTPServerOptions['onData']>;

export const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

export class ListenerFixture {
  /** Messages that were taken. */
  readonly messages: string[] = [];
  readonly listener: SmtpListener;
  readonly #conversations: SmtpConversation[] = [];
  #abandoned = 0;
  #wake: (() => void) | null = null;

  private constructor(options: SMTPServerOptions) {
    this.listener = new SmtpListener({
      name: 'mx.example', size: 100, disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: ({ address }, _session, callback) => callback(address.startsWith('nobody@') ? refusal(550, '5.1.1 no such mailbox') : null),
      onData: (stream, _session, callback) => void this.#take(stream, callback),
      ...options,
    });
    this.listener.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<ListenerFixture> {
    const fixture = new ListenerFixture(options);
    fixture.listener.listen(0, '127.0.0.1');
    await once(fixture.listener.server, 'listening');
    return fixture;
  }

  /** Past the reply to EHLO, which is given; with `forwardPaths` past the envelope. */
  async connect(...forwardPaths: string[]): Promise<SmtpConversation & { extensions: readonly string[] }> {
    const conversation = await SmtpConversation.open((this.listener.server.address() as AddressInfo).port);
    this.#conversations.push(conversation);
    await conversation.run(`S: 220 mx.example …\nC: ${this.listener.options.lmtp ? 'LHLO' : 'EHLO'} client.example`);
    const extensions: string[] = [];
    for (let line = ''; !line.startsWith('250 ');) {
      line = (await conversation.socket.readLine()) ?? '250 ';
      extensions.push(line.slice(4));
    }
    if (forwardPaths.length > 0) await conversation.run(envelopeFor(forwardPaths));
    return Object.assign(conversation, { extensions: extensions.slice(1) });
  }

  /** Settles once so many messages in all were taken back in the middle. */
  async abandonments(count: number): Promise<void> {
    while (this.#abandoned < count) await new Promise<void>((resolve) => { this.#wake = resolve; });
  }

  async stop(): Promise<void> {
    for (const { socket } of this.#conversations) socket.close();
    await new Promise<void>((resolve) => { this.listener.close(resolve); });
  }

  async #take(stream: SMTPServerDataStream, callback: Parameters<DataHandler>[2]): Promise<void> {
    try {
      const octets = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
      if (stream.sizeExceeded) return callback(refusal(552, '5.3.4 too large'));
      this.messages.push(octets.toString('latin1'));
      callback(null, 'taken');
    } catch (error) {
      if (isAbandonment(error)) this.#abandoned += 1;
      this.#wake?.();
      callback(refusal(451, '4.3.0 nobody should hear this'));
    }
  }
}

export const envelopeFor = (forwardPaths: readonly string[]): string =>
  ['C: MAIL FROM:<a@outside.example>', 'S: 250 2.1.0 …', ...forwardPaths.flatMap((path) => [`C: RCPT TO:<${path}>`, 'S: 250 2.1.5 …'])].join('\n');
