// A host on the other side for tests: a real SMTP server that keeps what it is given and refuses what it is told to.

import type { DeliveryStatusRequest } from '@paloma/shared-model';
import { deliveryStatusRequestIn } from '@paloma/smtp-listener';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

export interface OutsideMessage {
  reversePath: string;
  forwardPaths: string[];
  data: string;
  isSecure: boolean;
  /** What notices were asked for, where the host offers DSN. */
  asked: DeliveryStatusRequest | null;
}

export interface Refusal {
  code: number;
  text: string;
}

export class OutsideHost {
  readonly messages: OutsideMessage[] = [];
  connections = 0;
  /** Reply to RCPT instead of 250, by address; 4xx or 5xx with its text. */
  refuseRecipient: (address: string) => Refusal | null = () => null;
  /** Reply to DATA instead of 250; a test may keep the sender waiting for it. */
  refuseData: () => Refusal | null | Promise<Refusal | null> = () => null;
  readonly #server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      onConnect: (_session, callback) => {
        this.connections += 1;
        callback();
      },
      onRcptTo: ({ address }, _session, callback) => callback(asError(this.refuseRecipient(address))),
      onData: (stream, session, callback) => void this.#receive(stream, session, callback),
      ...options,
    });
    this.#server.on('error', () => undefined);
  }

  async #receive(stream: AsyncIterable<Buffer>, { envelope, secure: isSecure }: SMTPServerSession, callback: (error: Error | null) => void): Promise<void> {
    const { mailFrom, rcptTo } = envelope;
    const data = Buffer.concat(await Array.fromAsync(stream)).toString();
    const refusal = asError(await this.refuseData());
    if (refusal === null) this.messages.push({ reversePath: mailFrom === false ? '' : mailFrom.address, forwardPaths: rcptTo.map(({ address }) => address), data, isSecure, asked: deliveryStatusRequestIn(envelope) });
    callback(refusal);
  }

  /** `options`: of smtp-server, beside or instead of what is usual here. */
  static async start(options: SMTPServerOptions = {}, port = 0, address = '127.0.0.1'): Promise<OutsideHost> {
    const host = new OutsideHost(options);
    await new Promise<void>((resolve) => host.#server.listen(port, address, resolve));
    return host;
  }

  get port(): number {
    return (this.#server.server.address() as { port: number }).port;
  }

  forget(): void {
    this.messages.length = 0;
    this.connections = 0;
    this.refuseRecipient = () => null;
    this.refuseData = () => null;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

function asError(refusal: Refusal | null): Error | null {
  return refusal === null ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code });
}
