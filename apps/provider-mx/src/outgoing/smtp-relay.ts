// SMTP to other hosts over nodemailer's connection. TLS is opportunistic (RFC 7435): taken when offered, certificates not
// judged, since the alternative to unauthenticated TLS is no TLS.

import { Inject, Injectable } from '@nestjs/common';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { silentFailure, type AttemptResult, type DeliveryFailure } from './attempt-result.js';
import type { Relay, RelayedMessage } from './relay.js';
import type { MailHost } from './route.js';

const CONNECT_TIMEOUT_MS = 30_000;
/** RFC 5321 §4.5.3.2 gives 5 minutes for most commands; a lease outlives these. */
const GREETING_TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 5 * 60_000;
/** One host has this long for a message; must stay below the lease of the queue. */
const TRANSACTION_TIMEOUT_MS = 10 * 60_000;
const MAX_DIAGNOSTIC_CHARS = 500;

/** What nodemailer rejects with, as far as we look at it. */
interface ConnectionError {
  code?: string;
  responseCode?: number;
  response?: string;
  recipient?: string;
  rejectedErrors?: readonly ConnectionError[];
}

type HostOutcome = { kind: 'answered'; results: AttemptResult[] } | { kind: 'unreachable'; failure: DeliveryFailure } | { kind: 'tlsFailed' };

@Injectable()
export class SmtpRelay implements Relay {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  async send(hosts: readonly MailHost[], message: RelayedMessage): Promise<AttemptResult[]> {
    let failure = silentFailure('4.4.1');
    for (const host of hosts) {
      const outcome = await this.#tryHost(host, message);
      if (outcome.kind === 'answered') return outcome.results;
      failure = outcome.failure;
    }
    return message.forwardPaths.map(() => ({ kind: 'deferred', failure }));
  }

  /** A host whose TLS is broken is tried once more without. */
  async #tryHost(host: MailHost, message: RelayedMessage): Promise<Exclude<HostOutcome, { kind: 'tlsFailed' }>> {
    const outcome = await this.#transact(host, message, false);
    if (outcome.kind !== 'tlsFailed') return outcome;
    const plain = await this.#transact(host, message, true);
    return plain.kind === 'tlsFailed' ? { kind: 'unreachable', failure: { ...silentFailure('4.7.5'), remoteMta: host.host } } : plain;
  }

  async #transact(host: MailHost, message: RelayedMessage, ignoreTls: boolean): Promise<HostOutcome> {
    const connection = this.#newConnection(host, ignoreTls);
    const timer = setTimeout(() => connection.close(), TRANSACTION_TIMEOUT_MS);
    try {
      await connect(connection);
    } catch (error) {
      clearTimeout(timer);
      connection.close();
      const { code } = error as ConnectionError;
      return code === 'ETLS' ? { kind: 'tlsFailed' } : { kind: 'unreachable', failure: { ...failureOf(error as ConnectionError, host), status: '4.4.1' } };
    }
    try {
      const rejected = await transmit(connection, message);
      connection.quit();
      return { kind: 'answered', results: judge(message, rejected, null, host) };
    } catch (error) {
      connection.close();
      const { responseCode, rejectedErrors = [], code } = error as ConnectionError;
      if (responseCode === undefined && code !== 'EMESSAGE') return { kind: 'unreachable', failure: { ...failureOf(error as ConnectionError, host), status: '4.4.2' } };
      return { kind: 'answered', results: judge(message, rejectedErrors, error as ConnectionError, host) };
    } finally {
      clearTimeout(timer);
    }
  }

  #newConnection({ host, port }: MailHost, ignoreTLS: boolean): SMTPConnection {
    return new SMTPConnection({
      host,
      port,
      name: this.configuration.hostname,
      ignoreTLS,
      opportunisticTLS: true,
      tls: { rejectUnauthorized: false },
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: GREETING_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      logger: false,
    });
  }
}

function connect(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);   // stays on: an error after the promise is settled must not be unhandled
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

/** Resolves with the recipients that were refused while others were taken. */
function transmit(connection: SMTPConnection, { reversePath, forwardPaths, octets }: RelayedMessage): Promise<readonly ConnectionError[]> {
  const envelope = { from: reversePath === '' ? false as const : reversePath, to: [...forwardPaths], size: octets.length, use8BitMime: octets.some((octet) => octet > 0x7f) };
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(Object.assign(new Error('connection closed'), { code: 'ECONNECTION' })));
    connection.send(envelope, Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength), (error, info) =>
      (error ? reject(error) : resolve((info?.rejectedErrors ?? []) as readonly ConnectionError[])));
  });
}

/** A refusal of its own counts for a recipient; `whole`, the refusal of the message, for those without. */
function judge({ forwardPaths }: RelayedMessage, rejected: readonly ConnectionError[], whole: ConnectionError | null, host: MailHost): AttemptResult[] {
  return forwardPaths.map((forwardPath) => {
    const refusal = rejected.find(({ recipient }) => recipient === forwardPath) ?? whole;
    if (refusal === null) return { kind: 'delivered' };
    const isPermanent = (refusal.responseCode ?? 550) >= 500;
    return { kind: isPermanent ? 'failed' : 'deferred', failure: failureOf(refusal, host) };
  });
}

function failureOf({ response, responseCode, code }: ConnectionError, { host }: MailHost): DeliveryFailure {
  const diagnostic = response ? response.replace(/\s+/g, ' ').trim().slice(0, MAX_DIAGNOSTIC_CHARS) : null;
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  // Our own refusal to send what is over the host's announced SIZE, RFC 1870 §6.
  const fallback = code === 'EMESSAGE' && responseCode === undefined ? '5.3.4' : `${Math.floor((responseCode ?? 400) / 100)}.0.0`;
  return { status: enhanced ?? fallback, diagnostic, remoteMta: host };
}
