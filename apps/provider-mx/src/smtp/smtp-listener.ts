// An SMTP server with the replies of ours. smtp-server (3.21) derives the enhanced status code from the reply code alone;
// a text that begins with one of its own is sent as it stands.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerAddress, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { HarakaHost } from '@paloma/haraka-host';
import { isDatabaseOutage } from '@paloma/provider-runtime';
import type { Log, LogFacts } from '../logging/log.js';
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
  override send(code: number, data?: string | string[], context?: string | false): void {
    gatherReplies(this._socket, code);
    const hasOwnStatus = typeof data === 'string' && ENHANCED_STATUS.test(data);
    super.send(code, data, hasOwnStatus ? false : context);
  }

  /** smtp-server has no OAUTHBEARER (RFC 7628); what it needs from it is in XOAUTH2. */
  override handler_AUTH(command: Buffer, callback: () => void): void {
    const [, mechanism = '', response] = command.toString().trim().split(/\s+/);
    const isRefusedAnyway = Boolean(this.session.user) || (!this.secure && this._server.options.allowInsecureAuth !== true);
    if (mechanism.toUpperCase() !== 'OAUTHBEARER' || isRefusedAnyway) return super.handler_AUTH(command, callback);
    if (response !== undefined) return this.#bear(response, callback);
    this._nextHandler = (line, done) => this.#bear(line.toString().trim(), done);
    this.send(334);
    callback();
  }

  #bear(response: string, callback: () => void): void {
    const token = response === '*' ? null : xoauth2Of(response);
    if (token !== null) return super.handler_AUTH(Buffer.from(`AUTH XOAUTH2 ${token}`), callback);
    this.send(501, '5.5.2 no OAUTHBEARER message');
    callback();
  }
}

export class SmtpListener extends SMTPServer {
  /** What connections pass through from now on. */
  plugins: HarakaHost | null = null;

  constructor(options: SMTPServerOptions, log: Log) {
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
