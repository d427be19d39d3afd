// Local submission (RFC 6409): a mail program hands a message over with its mail-app password; `250` means it is durable in
// the outbox. A message is refused as a whole or taken as a whole.

import type { AddressInfo } from 'node:net';
import { MAX_MESSAGE_BYTES, MAX_RECIPIENTS } from '@paloma/shared-model';
import type { AccountGateway, LoginRefusal, OpenAccount, SubmissionOutcome } from '@paloma/mail-store/port';
import { SMTPServer, type SMTPServerAuthentication, type SMTPServerAuthenticationResponse, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Logger } from '../log.js';

interface Reply {
  code: number;
  text: string;
}

type SubmissionRefusal = Extract<SubmissionOutcome, { ok: false }>['refusal'];

/** RFC 5321 §4.2, enhanced codes of RFC 3463. If you add a refusal, the compiler sends you here. */
const REPLY_BY_REFUSAL = {
  forbiddenFrom: { code: 550, text: '5.7.1 the From address does not belong to this account' },
  noRecipients: { code: 554, text: '5.5.1 no valid recipients' },
  invalidRecipients: { code: 553, text: '5.1.3 a recipient address is malformed' },
  tooManyRecipients: { code: 452, text: '4.5.3 too many recipients' },
  tooLarge: { code: 552, text: '5.3.4 message too large' },
} as const satisfies Record<SubmissionRefusal, Reply>;

const REPLY_BY_LOGIN_REFUSAL = {
  wrongCredentials: { code: 535, text: '5.7.8 address or mail-app password is wrong' },
  locked: { code: 454, text: '4.7.0 this account is locked: unlock it in Paloma, then try again' },
  tooManyAttempts: { code: 454, text: '4.7.0 too many attempts: wait a minute' },
} as const satisfies Record<LoginRefusal, Reply>;

const INTERNAL: Reply = { code: 451, text: '4.3.0 could not be stored, try again' };

export class SubmissionServer {
  readonly #server: SMTPServer;
  readonly #gateway: AccountGateway;
  readonly #log: Logger;
  readonly #accounts = new WeakMap<SMTPServerSession, OpenAccount>();

  constructor(gateway: AccountGateway, log: Logger) {
    this.#gateway = gateway;
    this.#log = log;
    this.#server = new SMTPServer({
      name: 'paloma',
      banner: 'Paloma',
      authMethods: ['PLAIN', 'LOGIN'],
      // Loopback only: nobody listens between, and a self-signed certificate would teach users to accept any.
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      hideSize: false,
      size: MAX_MESSAGE_BYTES,
      disableReverseLookup: true,
      onAuth: (auth, session, callback) => void this.#authenticate(auth, session, callback),
      onRcptTo: (_address, session, callback) => callback(session.envelope.rcptTo.length >= MAX_RECIPIENTS ? asError(REPLY_BY_REFUSAL.tooManyRecipients) : null),
      onData: (stream, session, callback) => void this.#submit(stream, session).then((reply) => (reply.code === 250 ? callback(null, reply.text) : callback(asError(reply)))),
    });
    this.#server.on('error', (error: Error) => log.warn({ err: { message: error.message } }, 'smtp connection failed'));
  }

  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.server.address() as AddressInfo).port));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #authenticate(auth: SMTPServerAuthentication, session: SMTPServerSession, callback: (error: Error | null, response?: SMTPServerAuthenticationResponse) => void): Promise<void> {
    const outcome = await this.#gateway.logIn(auth.username ?? '', auth.password ?? '');
    if (!outcome.ok) return callback(asError(REPLY_BY_LOGIN_REFUSAL[outcome.refusal]));
    this.#accounts.set(session, outcome.account);
    callback(null, { user: outcome.account.mailStore.accountId });
  }

  async #submit(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Reply> {
    const account = this.#accounts.get(session);
    const octets = await collect(stream);
    if (!account) return { code: 530, text: '5.7.0 authentication required' };
    if (octets === null) return REPLY_BY_REFUSAL.tooLarge;
    const { mailFrom, rcptTo } = session.envelope;
    try {
      const outcome = await account.submissions.submit({
        octets, reversePath: mailFrom ? mailFrom.address : '', forwardPaths: rcptTo.map(({ address }) => address),
      });
      return outcome.ok ? { code: 250, text: `2.0.0 queued as ${outcome.submissionId}` } : REPLY_BY_REFUSAL[outcome.refusal];
    } catch (error) {
      this.#log.error({ err: error }, 'submission could not be stored');
      return INTERNAL;
    }
  }
}

/** Whole message, or `null` past the limit; the stream is always read to its end. */
async function collect(stream: SMTPServerDataStream): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= MAX_MESSAGE_BYTES) chunks.push(chunk);
  }
  return sizeBytes <= MAX_MESSAGE_BYTES ? Buffer.concat(chunks) : null;
}

function asError({ code, text }: Reply): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
