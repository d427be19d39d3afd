// SMTP to other hosts. What TLS a host must do was decided with the route; one that does not do it gets nothing.

import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@paloma/shared-model';
import type { DsnClient } from '@paloma/smtp-listener';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, NETWORK, TLS_RESULTS } from '../injection-tokens.js';
import { hostLookup } from '../transport-security/host-lookup.js';
import type { NetworkConventions } from '../transport-security/network-conventions.js';
import type { TlsRequirement } from '../transport-security/tls-requirement.js';
import type { TlsOutcome, TlsResults } from '../transport-security/tls-result.js';
import { silentFailure, type AttemptResult, type DeliveryFailure } from './attempt-result.js';
import { requestForNextHost } from './notification-request.js';
import type { Relay, RelayedMessage } from './relay.js';
import type { MailHost } from './route.js';
import { openSession, shortfallOf, TlsFailure, type SmtpSession } from './smtp-session.js';

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

type HostOutcome = { kind: 'answered'; results: AttemptResult[] } | { kind: 'unusable'; failure: DeliveryFailure };

/** What the sender is told when a host does not do the TLS that it must do. */
const TLS_EXPECTATIONS = {
  opportunistic: 'its TLS is broken',
  encrypted: 'it must do TLS, since it has TLSA records, and does not (DANE)',
  publicAuthority: 'it must do TLS with a certificate for its name, and does not (MTA-STS)',
  dane: 'it must do TLS with a certificate that its TLSA records vouch for, and does not (DANE)',
} as const satisfies Record<TlsRequirement['kind'], string>;

@Injectable()
export class SmtpRelay implements Relay {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(NETWORK) private readonly network: NetworkConventions,
    @Inject(TLS_RESULTS) private readonly results: TlsResults,
  ) {}

  async send(hosts: readonly MailHost[], message: RelayedMessage): Promise<AttemptResult[]> {
    let failure = silentFailure('4.4.1');
    for (const host of hosts) {
      const outcome = await this.#tryHost(host, message);
      if (outcome.kind === 'answered') return outcome.results;
      failure = outcome.failure;
    }
    return message.forwardPaths.map(() => ({ kind: 'deferred', failure }));
  }

  async #tryHost(host: MailHost, message: RelayedMessage): Promise<HostOutcome> {
    try {
      return await transact(await this.#connect(host), host, message);
    } catch (error) {
      if (!(error instanceof TlsFailure)) return { kind: 'unusable', failure: { ...failureOf(error as ConnectionError, host), status: '4.4.1' } };
      return { kind: 'unusable', failure: { status: '4.7.5', diagnostic: `${host.host}: ${TLS_EXPECTATIONS[host.tls.kind]}`, remoteMta: host.host } };
    }
  }

  /** A host that need not do TLS and whose TLS is broken is tried once more without. */
  async #connect(host: MailHost): Promise<SmtpSession> {
    const { certificateAuthorities } = this.network;
    const options = { name: this.configuration.hostname, lookup: hostLookup(this.configuration.dns.servers), certificateAuthorities, nowMs: this.clock.nowMs() };
    try {
      const session = await openSession(host, { ...options, withoutTls: false });
      await this.#note(host, shortfallOf(session.connection, host));
      return session;
    } catch (error) {
      if (error instanceof TlsFailure) await this.#note(host, error.type);
      if (!(error instanceof TlsFailure) || host.tls.kind !== 'opportunistic') throw error;
      return openSession(host, { ...options, withoutTls: true });
    }
  }

  async #note({ applied, host }: MailHost, outcome: TlsOutcome): Promise<void> {
    if (applied !== undefined) await this.results.note(applied, outcome, host);
  }
}

/** Sends to those recipients whom the host can take; nothing is re-encoded for it, which would break signatures. */
async function transact(session: SmtpSession, host: MailHost, message: RelayedMessage): Promise<HostOutcome> {
  const obstacles = message.forwardPaths.map((forwardPath) => obstacleTo(message, forwardPath, session.extensions));
  const takeable = message.forwardPaths.filter((_, index) => obstacles[index] === null);
  const outcome: HostOutcome = takeable.length === 0 ? { kind: 'answered', results: [] } : await deliver(session, host, onlyFor(takeable, message));
  if (takeable.length === 0) session.connection.quit();
  if (outcome.kind !== 'answered') return outcome;
  const answered = [...outcome.results];
  const results = obstacles.map((obstacle): AttemptResult =>
    (obstacle === null ? answered.shift() ?? { kind: 'deferred', failure: silentFailure('4.4.2') } : { kind: 'failed', failure: { ...obstacle, remoteMta: host.host } }));
  return { kind: 'answered', results };
}

/** `takeable`: some of its forward paths. */
function onlyFor(takeable: readonly string[], message: RelayedMessage): RelayedMessage {
  const { notifications, forwardPaths } = message;
  if (notifications === undefined) return { ...message, forwardPaths: takeable };
  return { ...message, forwardPaths: takeable, notifications: { ...notifications, recipients: notifications.recipients.filter((_, index) => takeable.includes(forwardPaths[index] ?? '')) } };
}

/** What the host would have to be able to do, and cannot: RFC 6152 §3, RFC 6531 §3.5. */
function obstacleTo({ reversePath, octets }: RelayedMessage, forwardPath: string, extensions: ReadonlySet<string>): Omit<DeliveryFailure, 'remoteMta'> | null {
  if (!extensions.has('SMTPUTF8') && !(isAscii(reversePath) && isAscii(forwardPath))) return { status: '5.6.7', diagnostic: 'the host takes no addresses beyond ASCII (SMTPUTF8)' };
  if (!extensions.has('8BITMIME') && hasEightBits(octets)) return { status: '5.6.3', diagnostic: 'the host takes no octets beyond ASCII (8BITMIME)' };
  return null;
}

async function deliver({ connection }: SmtpSession, host: MailHost, message: RelayedMessage): Promise<HostOutcome> {
  const timer = setTimeout(() => connection.close(), TRANSACTION_TIMEOUT_MS);
  try {
    const rejected = await transmit(connection, message);
    connection.quit();
    return { kind: 'answered', results: judge(message, rejected, null, host, connection.knowsDsn) };
  } catch (error) {
    connection.close();
    const { responseCode, rejectedErrors = [], code } = error as ConnectionError;
    if (responseCode === undefined && code !== 'EMESSAGE') return { kind: 'unusable', failure: { ...failureOf(error as ConnectionError, host), status: '4.4.2' } };
    return { kind: 'answered', results: judge(message, rejectedErrors, error as ConnectionError, host, connection.knowsDsn) };
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves with the recipients that were refused while others were taken. */
function transmit(connection: DsnClient, { reversePath, forwardPaths, octets, notifications }: RelayedMessage): Promise<readonly ConnectionError[]> {
  const asked = connection.ask(notifications === undefined ? null : requestForNextHost(notifications), forwardPaths);
  const envelope = { from: reversePath === '' ? false as const : reversePath, to: [...forwardPaths], size: octets.length, use8BitMime: hasEightBits(octets), ...asked };
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(Object.assign(new Error('connection closed'), { code: 'ECONNECTION' })));
    connection.send(envelope, Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength), (error, info) =>
      (error ? reject(error) : resolve((info?.rejectedErrors ?? []) as readonly ConnectionError[])));
  });
}

/** A refusal of its own counts for a recipient; `whole`, the refusal of the message, for those without. */
function judge({ forwardPaths }: RelayedMessage, rejected: readonly ConnectionError[], whole: ConnectionError | null, host: MailHost, knowsDsn: boolean): AttemptResult[] {
  return forwardPaths.map((forwardPath) => {
    const refusal = rejected.find(({ recipient }) => recipient === forwardPath) ?? whole;
    if (refusal === null) return { kind: 'delivered', notice: knowsDsn ? null : 'relayed' };
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

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

function hasEightBits(octets: Uint8Array): boolean {
  return octets.some((octet) => octet > 0x7f);
}
