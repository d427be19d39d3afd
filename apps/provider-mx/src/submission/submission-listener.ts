// Mail from our own users on its way out, RFC 6409. Their daemons log in with a session of the provider; `250` after DATA
// means that the message is durable in the outgoing queue, once: a daemon that lost the `250` repeats the same octets.

import { Inject, Injectable } from '@nestjs/common';
import type { SMTPServerAuthentication, SMTPServerAuthenticationResponse, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { addTraceHeader, removeBcc } from '@paloma/mail-format';
import { Pseudonyms } from '@paloma/provider-runtime';
import { MAX_RECIPIENTS, parseMailAddress, type Clock, type MailAddress } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import type { DeliveryKey } from '../config/secret-files.js';
import { CLOCK, CONFIGURATION, DELIVERY_KEY, OUTGOING_QUEUE, SERVICES_API } from '../injection-tokens.js';
import { Log, type LogFacts } from '../logging/log.js';
import { DkimSigner } from '../dkim/dkim-signer.js';
import type { OutgoingQueue } from '../outgoing/outgoing-queue.js';
import { SuppressionList } from '../outgoing/suppression-list.js';
import type { ServicesApi, SessionAccount, SessionVerdict } from '../services-api/services-api.js';
import { ByteBudget } from '../smtp/byte-budget.js';
import { announcedBytes, withData } from '../smtp/collect-data.js';
import { loadListenerTls } from '../smtp/listener-tls.js';
import { peerAddress, receivedFromUser } from '../smtp/received-field.js';
import type { ExternalCredentials } from '../smtp/sasl-connection.js';
import { answer, SmtpListener, type SmtpListenerOptions } from '../smtp/smtp-listener.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';
import { queuedMessageId } from './queued-message-id.js';
import { envelopeOf } from './submitted-envelope.js';
import { SubmissionUsage } from './submission-usage.js';
import { ownsAddress, ownsAuthorship } from './sender-ownership.js';

/** RFC 7628 §3.2.2: what a client is told before the refusal itself. */
const BEARER_REFUSED = { status: 'invalid_token', schemes: 'bearer' };

/** What smtp-server calls whoever has logged in. Who it is stands with the session, and in no log. */
const USER = 'account';
/** Asked for and never demanded. Who shows one that is not ours or no longer holds is told so when it is used, and may log in otherwise. */
const CLIENT_CERTIFICATES = { requestCert: true, rejectUnauthorized: false } as const;

/** How long it may go unnoticed on an open connection that a session has ended or its account is disabled. */
const VERIFIED_FOR_MS = 5_000;

interface LogIn {
  account: SessionAccount;
  /** Asks again what was answered at the log-in. */
  verify: () => Promise<SessionVerdict>;
  verifiedAtMs: number;
}

@Injectable()
export class SubmissionListener {
  readonly #listener: SmtpListener;
  readonly #startTlsListener: SmtpListener;
  /** The second port, where one is configured. */
  readonly startTls = {
    open: (): Promise<number | null> => this.#openStartTls(),
    close: (): Promise<void> => this.#startTlsListener.shut(),
  };
  readonly #logIns = new WeakMap<SMTPServerSession, LogIn>();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICES_API) private readonly services: ServicesApi,
    @Inject(OUTGOING_QUEUE) private readonly queue: OutgoingQueue,
    @Inject(DELIVERY_KEY) private readonly deliveryKey: DeliveryKey,
    private readonly suppressions: SuppressionList,
    private readonly usage: SubmissionUsage,
    private readonly dkim: DkimSigner,
    private readonly budget: ByteBudget,
    private readonly pseudonyms: Pseudonyms,
    private readonly log: Log,
  ) {
    const tls = loadListenerTls(configuration.submission);
    const options: SmtpListenerOptions = {
      name: configuration.hostname,
      banner: 'Paloma submission',
      size: configuration.maxMessageBytes,
      maxRecipients: MAX_RECIPIENTS,
      hideDSN: false,
      authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER', 'EXTERNAL'],
      ...(tls !== null && CLIENT_CERTIFICATES),
      allowInsecureAuth: tls === null,
      disabledCommands: tls === null ? ['STARTTLS'] : [],
      ...tls,
      onAuth: (credentials, session, callback) => void answer(this.#logIn(credentials, session), callback, log, this.#about(session)),
      onExternalLogIn: (credentials, session, callback) => void answer(this.#logInByTls(credentials, session), callback, log, this.#about(session)),
      onMailFrom: ({ address }, session, callback) => void answer(this.#checkReversePath(address, session), callback, log, this.#about(session)),
      onRcptTo: ({ address }, session, callback) => void answer(this.#checkForwardPath(address, session), callback, log, this.#about(session)),
      onData: (stream, session, callback) => void answer(this.#accept(stream, session), callback, log, this.#about(session)),
    };
    this.#listener = new SmtpListener({ ...options, secure: tls !== null }, log);
    this.#startTlsListener = new SmtpListener(options, log);
  }

  open(): Promise<number | null> {
    return this.#listener.open(this.configuration.submission);
  }

  close(): Promise<void> {
    return this.#listener.shut();
  }

  async #openStartTls(): Promise<number | null> {
    const { startTlsPort, bind } = this.configuration.submission;
    return startTlsPort === undefined ? null : this.#startTlsListener.open({ bind, port: startTlsPort });
  }

  /** User name: an address of the account; password or bearer token: a session token. */
  async #logIn({ username = '', password, accessToken }: SMTPServerAuthentication, session: SMTPServerSession): Promise<SMTPServerAuthenticationResponse> {
    const verify = (): Promise<SessionVerdict> => this.services.verifySession(accessToken ?? password ?? '');
    const account = accountIn(await verify());
    if (account === null || !ownsAddress(account.addresses, username)) {
      if (accessToken !== undefined) return { data: BEARER_REFUSED };
      throw new SmtpRefusal('badCredentials');
    }
    this.#enter(session, account, verify);
    return { user: USER };
  }

  /** By the TLS certificate that was issued to the account. */
  async #logInByTls({ username, certificateSha256 }: ExternalCredentials, session: SMTPServerSession): Promise<string> {
    const verify = async (): Promise<SessionVerdict> => (certificateSha256 === null ? { kind: 'invalid' } : this.services.verifySubmissionCertificate(certificateSha256));
    const account = accountIn(await verify());
    if (account === null || (username !== '' && !ownsAddress(account.addresses, username))) throw new SmtpRefusal('badCertificate');
    this.#enter(session, account, verify);
    return USER;
  }

  #enter(session: SMTPServerSession, account: SessionAccount, verify: LogIn['verify']): void {
    this.#logIns.set(session, { account, verify, verifiedAtMs: this.clock.nowMs() });
  }

  /** A connection may stay open for long: each message asks whether its log-in still holds. */
  async #verifyAnew(session: SMTPServerSession): Promise<void> {
    const logIn = this.#logIns.get(session);
    const ageMs = logIn === undefined ? 0 : this.clock.nowMs() - logIn.verifiedAtMs;
    if (logIn === undefined || (ageMs >= 0 && ageMs < VERIFIED_FOR_MS)) return;   // clocks may be set back
    const account = accountIn(await logIn.verify());
    if (account === null) this.#logIns.delete(session);
    else this.#enter(session, account, logIn.verify);
  }

  async #checkReversePath(reversePath: string, session: SMTPServerSession): Promise<void> {
    await this.#verifyAnew(session);
    if (!ownsAddress(this.#accountOf(session).addresses, reversePath)) throw new SmtpRefusal('foreignSender');
  }

  async #checkForwardPath(text: string, { envelope: { mailFrom } }: SMTPServerSession): Promise<void> {
    const forwardPath = parseForwardPath(text);
    const isSuppressed = await this.suppressions.isSuppressed(mailFrom === false ? '' : mailFrom.address, forwardPath, this.clock.nowMs());
    if (isSuppressed) throw new SmtpRefusal('suppressedRecipient');
  }

  #accept(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const limits = { maxMessageBytes: this.configuration.maxMessageBytes, announcedBytes: announcedBytes(session), budget: this.budget };
    return withData(stream, limits, async (dataOctets) => {
      const { accountId, addresses } = this.#accountOf(session);
      if (!ownsAuthorship(addresses, dataOctets)) throw new SmtpRefusal('foreignSender');
      const received = receivedFromUser({ session, hostname: this.configuration.hostname, nowMs: this.clock.nowMs() });
      const envelope = envelopeOf(session);
      const messageId = queuedMessageId(this.deliveryKey, { accountId, ...envelope, dataOctets });
      if (await this.queue.knows(messageId)) return 'queued';   // a repetition is no further message, and never too much
      if (!(await this.usage.tryCount(accountId, envelope.forwardPaths.length, this.clock.nowMs()))) throw new SmtpRefusal('tooMuchSent');
      const octets = addTraceHeader(this.dkim.sign(removeBcc(dataOctets)), [{ name: 'Received', value: received }]);
      const outcome = await this.queue.add(messageId, { ...envelope, octets }, this.clock.nowMs());
      this.log.event('submitted', { sizeBytes: dataOctets.length, recipients: envelope.forwardPaths.length, outcome, messageId, ...this.#about(session) });
      return 'queued';
    });
  }

  /** Of whom the log tells. */
  #about(session: SMTPServerSession): LogFacts {
    const account = this.#logIns.get(session)?.account;
    return { peer: this.pseudonyms.peer(peerAddress(session)), ...(account !== undefined && { account: this.pseudonyms.account(account.accountId) }) };
  }

  #accountOf(session: SMTPServerSession): SessionAccount {
    const logIn = this.#logIns.get(session);
    if (logIn === undefined) throw new SmtpRefusal('authenticationRequired');
    return logIn.account;
  }
}

/** null: the credentials are of nobody. */
function accountIn(verdict: SessionVerdict): SessionAccount | null {
  if (verdict.kind === 'outage') throw new SmtpRefusal('authenticationUnavailable');
  if (verdict.kind === 'accountDisabled') throw new SmtpRefusal('accountDisabled');
  return verdict.kind === 'valid' ? verdict.account : null;
}

function parseForwardPath(text: string): MailAddress {
  try {
    return parseMailAddress(text);
  } catch {
    throw new SmtpRefusal('invalidRecipient');
  }
}
