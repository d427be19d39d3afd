// Local submission (RFC 6409): a mail program hands a message over with its mail-app password; `250` means it is durable in
// the outbox. A message is refused as a whole or taken as a whole.

import type { AddressInfo } from 'node:net';
import { MAX_MESSAGE_BYTES, MAX_RECIPIENTS } from '@paloma/shared-model';
import { deliveryStatusRequestIn, hasKnownParameters, MAIL_DSN_PARAMETERS, MAIL_PARAMETERS, RCPT_DSN_PARAMETERS } from '@paloma/smtp-listener';
import type { LoginRefusal, OpenAccount } from '@paloma/mail-store/port';
import type { SMTPServerAddress, SMTPServerAuthentication, SMTPServerAuthenticationResponse, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Logger } from '../log.js';
import { mailAddressOrNull } from '../mail-address-or-null.js';
import { AUTHENTICATION_REQUIRED, LOGIN_FAILED, NOT_STORED, PASSWORD_REVOKED, REPLY_BY_LOGIN_REFUSAL, REPLY_BY_REFUSAL, UNSUPPORTED_PARAMETER, type SmtpReply } from './smtp-reply.js';
import { SubmissionListener } from './submission-listener.js';

/** RFC 5321 §4.5.3.2.7. */
const IDLE_TIMEOUT_MS = 5 * 60_000;
/** How long open transactions may take once the daemon stops. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Each may hold a message in memory; mail programs open a handful. */
const MAX_CONNECTIONS = 32;

type SubmittingAccount = Pick<OpenAccount, 'mailStore' | 'submissions'>;

/** What submission needs of the AccountGateway. */
export interface SubmissionGateway {
  logIn(address: string, mailAppPassword: string): Promise<{ ok: true; account: SubmittingAccount; revoked?: AbortSignal } | { ok: false; refusal: LoginRefusal }>;
}

/** PEM. */
export interface ServerCertificate {
  key: string;
  certificate: string;
}

export class SubmissionServer {
  readonly #listeners: SubmissionListener[] = [];
  readonly #gateway: SubmissionGateway;
  readonly #log: Logger;
  readonly #accounts = new WeakMap<SMTPServerSession, SubmittingAccount>();
  /** What ends the watch over a log-in, by its session. */
  readonly #watches = new WeakMap<SMTPServerSession, () => void>();

  readonly #tls: ServerCertificate | null;

  /** `tls`: implicit (RFC 8314 §3.3). Null: plain, which is for loopback alone. */
  constructor(gateway: SubmissionGateway, log: Logger, tls: ServerCertificate | null = null) {
    this.#gateway = gateway;
    this.#log = log;
    this.#tls = tls;
  }

  /** May be called for several addresses. */
  listen(host: string, port: number): Promise<number> {
    const listener = this.#newListener();
    this.#listeners.push(listener);
    return new Promise((resolve, reject) => {
      listener.server.once('error', reject);
      listener.listen(port, host, () => resolve((listener.server.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => new Promise<void>((resolve) => { listener.close(() => resolve()); })));
  }

  #newListener(): SubmissionListener {
    const listener = new SubmissionListener({
      ...(this.#tls && { secure: true, key: this.#tls.key, cert: this.#tls.certificate, minVersion: 'TLSv1.2' }),
      name: 'paloma',
      banner: 'Paloma',
      authMethods: ['PLAIN', 'LOGIN'],
      // Plain on loopback only: nobody listens between, and a self-signed certificate would teach users to accept any.
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      size: MAX_MESSAGE_BYTES,
      maxRecipients: MAX_RECIPIENTS,
      maxClients: MAX_CONNECTIONS,
      hideDSN: false,
      socketTimeout: IDLE_TIMEOUT_MS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      onAuth: (credentials, session, callback) => void this.#authenticate(credentials, session, callback),
      onClose: (session, callback) => { this.#watches.get(session)?.(); callback(null); },
      onMailFrom: (sender, _session, callback) => callback(hasKnownParameters(sender, [...MAIL_PARAMETERS, ...MAIL_DSN_PARAMETERS]) ? null : errorOf(UNSUPPORTED_PARAMETER)),
      onRcptTo: (recipient, _session, callback) => callback(refusalOfRecipient(recipient)),
      onData: (stream, session, callback) => void this.#answerData(stream, session, callback),
    });
    listener.on('error', (error: Error) => this.#log.warn({ err: error }, 'smtp connection failed'));
    return listener;
  }

  async #authenticate(
    { username, password }: SMTPServerAuthentication, session: SMTPServerSession, callback: (error: Error | null, response?: SMTPServerAuthenticationResponse) => void,
  ): Promise<void> {
    const outcome = await this.#gateway.logIn(username ?? '', password ?? '').catch((error: unknown) => {
      this.#log.error({ err: error }, 'log-in of a mail program failed');
      return null;
    });
    if (!outcome?.ok) return callback(errorOf(outcome ? REPLY_BY_LOGIN_REFUSAL[outcome.refusal] : LOGIN_FAILED));
    this.#accounts.set(session, outcome.account);
    this.#watch(session, outcome.revoked);
    callback(null, { user: outcome.account.mailStore.accountId });
  }

  /** The session ends when what it was logged in with is revoked. */
  #watch(session: SMTPServerSession, revoked: AbortSignal | undefined): void {
    const end = (): void => {
      for (const listener of this.#listeners) listener.dismiss(session, PASSWORD_REVOKED);
    };
    revoked?.addEventListener('abort', end);
    this.#watches.set(session, () => revoked?.removeEventListener('abort', end));
  }

  async #answerData(stream: SMTPServerDataStream, session: SMTPServerSession, callback: (error: Error | null, text?: string) => void): Promise<void> {
    const reply = await this.#submit(stream, session);
    if (reply.code === 250) callback(null, reply.text);
    else callback(errorOf(reply));
  }

  /** Never throws: also a client that goes away in the middle of its message ends here. */
  async #submit(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<SmtpReply> {
    const account = this.#accounts.get(session);
    const { mailFrom, rcptTo } = session.envelope;
    const notifications = deliveryStatusRequestIn(session.envelope);
    const [reversePath, forwardPaths] = [mailFrom ? mailFrom.address : '', rcptTo.map(({ address }) => address)];
    try {
      const octets = await collect(stream);
      if (!account) return AUTHENTICATION_REQUIRED;
      if (octets === null) return REPLY_BY_REFUSAL.tooLarge;
      const outcome = await account.submissions.submit({ octets, reversePath, forwardPaths, notifications });
      return outcome.ok ? { code: 250, text: `2.0.0 queued as ${outcome.submissionId}` } : REPLY_BY_REFUSAL[outcome.refusal];
    } catch (error) {
      this.#log.warn({ err: error }, 'submission was not stored');
      return NOT_STORED;
    }
  }
}

function refusalOfRecipient(recipient: SMTPServerAddress): Error | null {
  if (!hasKnownParameters(recipient, RCPT_DSN_PARAMETERS)) return errorOf(UNSUPPORTED_PARAMETER);
  return mailAddressOrNull(recipient.address) === null ? errorOf(REPLY_BY_REFUSAL.invalidRecipients) : null;
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

function errorOf({ code, text }: SmtpReply): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
