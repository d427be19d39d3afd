// An SMTP server with the limits and the replies of ours.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServerOptions } from 'smtp-server';
import type { SMTPConnection, SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { HarakaHost } from '@paloma/haraka-host';
import { isDatabaseOutage } from '@paloma/provider-runtime';
import { hasKnownParameters, isAbandonment, MAIL_DSN_PARAMETERS, MAIL_PARAMETERS, RCPT_DSN_PARAMETERS, SmtpListener as PlainSmtpListener } from '@paloma/smtp-listener';
import type { Log, LogFacts } from '../logging/log.js';
import { listen, type ListeningAddress } from './listen.js';
import { SaslConnection, type ExternalLogIn } from './sasl-connection.js';
import { SmtpRefusal } from './smtp-reply.js';

/** Idle connections end after this long, RFC 5321 §4.5.3.2.7. */
const IDLE_TIMEOUT_MS = 5 * 60_000;
/** How long open transactions may take once the server closes. */
const CLOSE_TIMEOUT_MS = 5_000;
const MAX_CLIENTS = 500;
/** Mistyped or foreign commands before a client is sent away. */
const MAX_UNAUTHENTICATED_COMMANDS = 20;

export interface SmtpListenerOptions extends SMTPServerOptions {
  /** Wanted where `authMethods` names EXTERNAL, which smtp-server does not know. */
  onExternalLogIn?: ExternalLogIn;
}

export class SmtpListener extends PlainSmtpListener {
  /** What connections pass through from now on. */
  plugins: HarakaHost | null = null;
  readonly #logInByTls: ExternalLogIn;

  constructor({ onExternalLogIn, ...options }: SmtpListenerOptions, log: Log) {
    super({
      socketTimeout: IDLE_TIMEOUT_MS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      maxClients: MAX_CLIENTS,
      maxAllowedUnauthenticatedCommands: MAX_UNAUTHENTICATED_COMMANDS,
      ...options,
      onMailFrom: (address, session, callback) => {
        // Not REQUIRETLS: it asks for hosts that all can do it, and for nothing less (RFC 8689); taking the message without would break the sender's word.
        if (!hasKnownParameters(address, [...MAIL_PARAMETERS, ...MAIL_DSN_PARAMETERS])) callback(replyError(new SmtpRefusal('unsupportedParameter'), log));
        else if (options.onMailFrom === undefined) callback();
        else options.onMailFrom(address, session, callback);
      },
      onRcptTo: (address, session, callback) => {
        if (!hasKnownParameters(address, RCPT_DSN_PARAMETERS)) callback(replyError(new SmtpRefusal('unsupportedParameter'), log));
        else if (options.onRcptTo === undefined) callback();
        else options.onRcptTo(address, session, callback);
      },
    });
    this.#logInByTls = onExternalLogIn ?? ((_credentials, _session, callback) => callback(replyError(new SmtpRefusal('badCredentials'), log)));
    this.on('error', (error: Error) => this.server.listening && log.outage('smtp connection', error));
  }

  protected override newConnection(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): SMTPConnection {
    return this.plugins?.newConnection(this, socket, options) ?? new SaslConnection(this, this.#logInByTls, socket, options);
  }

  /** As `listen` says. */
  open(address: ListeningAddress): Promise<number | null> {
    return listen(this.server, address);
  }

  shut(): Promise<void> {
    return this.server.listening ? new Promise((resolve) => this.close(resolve)) : Promise.resolve();
  }
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
  if (isAbandonment(error)) log.event('abandoned', about);
  else {
    if (isDatabaseOutage(error)) log.outage('database', error);
    else if (refusal !== error) log.bug(error);
    log.event('refused', { code: refusal.code, ...about });
  }
  const { code, enhancedCode, text } = refusal.reply;
  return Object.assign(new Error(`${enhancedCode} ${text}`), { responseCode: code });
}
