// An SMTP server with the replies of ours. smtp-server (3.21) derives the enhanced status code from the reply code alone;
// a text that begins with one of its own is sent as it stands.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerAddress, type SMTPServerError, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { HarakaHost } from '@paloma/haraka-host';
import { isDatabaseOutage } from '@paloma/provider-runtime';
import type { Log, LogFacts } from '../logging/log.js';
import { authorizationIdentityOf, clientCertificateSha256 } from './client-certificate.js';
import { gatherReplies } from './gather-replies.js';
import { xoauth2Of } from './oauth-bearer.js';
import { listen, type ListeningAddress } from './listen.js';
import { SmtpRefusal } from './smtp-reply.js';

/** Idle connections end after this long, RFC 5321 §4.5.3.2.7. */
const IDLE_TIMEOUT_MS = 5 * 60_000;
/** How long open transactions may take once the server closes. */
const CLOSE_TIMEOUT_MS = 5_000;
const MAX_CLIENTS = 500;
/** Mistyped or foreign commands before a client is sent away. */
const MAX_UNAUTHENTICATED_COMMANDS = 20;
/** RFC 1870, RFC 6152, RFC 6531, RFC 3461, and RFC 4954 §5, which is read and not used. */
const MAIL_PARAMETERS: ReadonlySet<string> = new Set(['SIZE', 'BODY', 'SMTPUTF8', 'RET', 'ENVID', 'AUTH']);
const ENHANCED_STATUS = /^[245]\.\d{1,3}\.\d{1,3} /;

class ReplyingConnection extends SMTPConnection {
  readonly #mechanisms = new Map([
    ['OAUTHBEARER', this.#bear.bind(this)],
    ['EXTERNAL', this.#believeTls.bind(this)],
  ]);

  constructor(private readonly listener: SmtpListener, socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null) {
    super(listener, socket, options);
  }

  override send(code: number, data?: string | string[], context?: string | false): void {
    gatherReplies(this._socket, code);
    if (Array.isArray(data)) return super.send(code, data.map((line) => this.#withUsableMechanisms(line)), context);
    const hasOwnStatus = typeof data === 'string' && ENHANCED_STATUS.test(data);
    super.send(code, data, hasOwnStatus ? false : context);
  }

  /** EXTERNAL is for whoever has shown a certificate (RFC 4422 §A): programs that take it for the best mechanism would fail without. */
  #withUsableMechanisms(line: string): string {
    return line.startsWith('AUTH ') && clientCertificateSha256(this._socket) === null ? line.replace(/ EXTERNAL\b/, '') : line;
  }

  /** smtp-server has neither OAUTHBEARER (RFC 7628) nor EXTERNAL (RFC 4422 appendix A): one response each, at once or when asked for (RFC 4954 §4). */
  override handler_AUTH(command: Buffer, callback: () => void): void {
    const [, name = '', response] = command.toString().trim().split(/\s+/);
    const authenticate = this.#mechanisms.get(name.toUpperCase());
    const { allowInsecureAuth, authMethods = [] } = this._server.options;
    const isRefusedAnyway = Boolean(this.session.user) || (!this.secure && allowInsecureAuth !== true) || !authMethods.includes(name.toUpperCase());
    if (authenticate === undefined || isRefusedAnyway) return super.handler_AUTH(command, callback);
    if (response !== undefined) return authenticate(response, callback);
    this._nextHandler = (line, done) => authenticate(line.toString().trim(), done);
    this.send(334);
    callback();
  }

  /** What smtp-server needs of an OAUTHBEARER message is in XOAUTH2. */
  #bear(response: string, callback: () => void): void {
    const token = response === '*' ? null : xoauth2Of(response);
    if (token !== null) return super.handler_AUTH(Buffer.from(`AUTH XOAUTH2 ${token}`), callback);
    this.send(501, '5.5.2 no OAUTHBEARER message');
    callback();
  }

  /** By the certificate that was shown in TLS; the response names who the client wants to be, if anybody. */
  #believeTls(response: string, callback: () => void): void {
    const username = authorizationIdentityOf(response);
    if (username === null) {
      this.send(501, '5.5.2 no EXTERNAL message');
      return callback();
    }
    this.listener.onExternalLogIn({ username, certificateSha256: clientCertificateSha256(this._socket) }, this.session, (error, user) => {
      if (error) this.send(error.responseCode ?? 535, error.message);
      else {
        this.session.user = user;
        this.session.transmissionType = this._transmissionType();
        this.send(235, 'Authentication successful');
      }
      callback();
    });
  }
}

/** What a client shows of itself by TLS. */
export interface ExternalCredentials {
  /** Whom it asks to be; empty: whoever the certificate says. */
  username: string;
  /** In base64url; null: it has shown no certificate. */
  certificateSha256: string | null;
}

type Answered = (error: SMTPServerError | null, user?: string) => void;

export interface SmtpListenerOptions extends SMTPServerOptions {
  /** Wanted where `authMethods` names EXTERNAL, which smtp-server does not know; answers with the name of the user. */
  onExternalLogIn?: (credentials: ExternalCredentials, session: SMTPServerSession, callback: Answered) => void;
}

export class SmtpListener extends SMTPServer {
  /** What connections pass through from now on. */
  plugins: HarakaHost | null = null;
  readonly onExternalLogIn: NonNullable<SmtpListenerOptions['onExternalLogIn']>;

  constructor({ onExternalLogIn, ...options }: SmtpListenerOptions, log: Log) {
    super({
      hideENHANCEDSTATUSCODES: false,
      disableReverseLookup: true,
      logger: false,
      socketTimeout: IDLE_TIMEOUT_MS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      maxClients: MAX_CLIENTS,
      maxAllowedUnauthenticatedCommands: MAX_UNAUTHENTICATED_COMMANDS,
      ...options,
      onMailFrom: (address, session, callback) => {
        if (!isSupported(address, session)) callback(replyError(new SmtpRefusal('unsupportedParameter'), log));
        else if (options.onMailFrom === undefined) callback();
        else options.onMailFrom(address, session, callback);
      },
    });
    this.onExternalLogIn = onExternalLogIn ?? ((_credentials, _session, callback) => callback(replyError(new SmtpRefusal('badCredentials'), log)));
    this.on('error', (error: Error) => this.server.listening && log.outage('smtp connection', error));
  }

  override connect(socket: Socket | TLSSocket, socketOptions?: SMTPConnectionOptions | null): void {
    const connection = this.plugins?.newConnection(this, socket, socketOptions) ?? new ReplyingConnection(this, socket, socketOptions);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.on('connect', (data) => this._onClientConnect(data));
    connection.init();
  }

  /** As `listen` says. */
  open(address: ListeningAddress): Promise<number | null> {
    return listen(this.server, address);
  }

  shut(): Promise<void> {
    return this.server.listening ? new Promise((resolve) => this.close(resolve)) : Promise.resolve();
  }
}

/**
 * RFC 5321 §4.1.1.11: parameters that we do not know may be of consequence. REQUIRETLS asks for hosts that all can do it, and for nothing
 * less (RFC 8689); taking the message without would break the sender's word.
 */
function isSupported({ args }: SMTPServerAddress, { envelope }: SMTPServerSession): boolean {
  return envelope.requireTLS !== true && Object.keys(args || {}).every((name) => MAIL_PARAMETERS.has(name));
}

/** Runs one step of a session and answers it: the only place where a refusal or an unforeseen error becomes a reply. `about`: of whom the log tells then. */
export async function answer<Value>(step: Promise<Value>, callback: (error: Error | null, value?: Value) => void, log: Log, about: LogFacts = {}): Promise<void> {
  const outcome = await step.then((value) => ({ error: null, value }), (error: unknown) => ({ error: replyError(error, log, about) }));
  if (outcome.error !== null) callback(outcome.error);
  else callback(null, outcome.value);
}

/** The error that smtp-server turns into our reply. */
export function replyError(error: unknown, log: Log, about: LogFacts = {}): Error {
  const refusal = error instanceof SmtpRefusal ? error : new SmtpRefusal('temporaryFailure');
  if (isDatabaseOutage(error)) log.outage('database', error);
  else if (refusal !== error) log.bug(error);
  log.event('refused', { code: refusal.code, ...about });
  const { code, enhancedCode, text } = refusal.reply;
  return Object.assign(new Error(`${enhancedCode} ${text}`), { responseCode: code });
}
