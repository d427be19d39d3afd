// The played provider behind a real SMTP server over TLS.

import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { deliveryStatusRequestIn } from '@paloma/smtp-listener';
import { SubmissionProvider } from './submission-provider.js';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test-certificate.js';

export class RunningSubmissionProvider {
  readonly provider: SubmissionProvider;
  readonly credentials: { username: string | undefined; password: string | null | undefined }[] = [];
  readonly #server: SMTPServer;

  private constructor(provider: SubmissionProvider) {
    this.provider = provider;
    this.#server = new SMTPServer({
      secure: true, cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY, size: provider.maxMessageBytes, logger: false, disableReverseLookup: true, closeTimeout: 100,
      hideENHANCEDSTATUSCODES: true, hideDSN: false,
      onAuth: ({ username, password }, _session, callback) => {
        this.credentials.push({ username, password });
        const error = errorOf(provider.loginReply());
        if (error) callback(error);
        else callback(null, { user: 'account' });
      },
      onRcptTo: ({ address }, _session, callback) => callback(errorOf(provider.recipientReply(address))),
      onData: (stream, session, callback) => void this.#take(stream, session, callback),
    });
    this.#server.on('error', () => undefined);
  }

  static async start(provider: SubmissionProvider): Promise<RunningSubmissionProvider> {
    const running = new RunningSubmissionProvider(provider);
    await new Promise<void>((resolve) => running.#server.listen(0, '127.0.0.1', resolve));
    return running;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession, callback: (error: Error | null) => void): Promise<void> {
    const { mailFrom, rcptTo } = envelope;
    const octets = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
    const refusal = errorOf(this.provider.messageReply());
    if (!refusal) this.provider.taken.push({ octets, reversePath: mailFrom ? mailFrom.address : '', forwardPaths: rcptTo.map(({ address }) => address), notifications: deliveryStatusRequestIn(envelope) });
    if (this.provider.losesAnswer) for (const connection of this.#server.connections) connection.close();
    else callback(refusal);
  }
}

function errorOf(reply: string | null): Error | null {
  return reply === null ? null : Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}
