// One connection to another host, as far as both greetings and TLS go, over nodemailer's connection.

import { once } from 'node:events';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { DsnClient } from '@paloma/smtp-listener';
import { isVouchedFor } from '../transport-security/dane-authentication.js';
import type { TlsFailureType, TlsOutcome } from '../transport-security/tls-result.js';
import type { MailHost } from './route.js';

const CONNECT_TIMEOUT_MS = 30_000;
/** For each address of a host but the last one. Node's own quarter of a second would give up hosts that are merely far away. */
const ADDRESS_TIMEOUT_MS = 5_000;
/** RFC 5321 §4.5.3.2 gives 5 minutes for most commands; a lease outlives these. */
const GREETING_TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 5 * 60_000;

export interface SessionOptions {
  /** Our own name, for EHLO. */
  name: string;
  lookup: LookupFunction;
  /** PEM of those who vouch for certificates; null: whom the system trusts. */
  certificateAuthorities: string | null;
  nowMs: number;
  /** Does not ask for TLS at all. For a host that needs none and whose TLS is broken. */
  withoutTls: boolean;
}

/** The host cannot do the TLS that it must do, or shows a certificate that nobody vouches for. */
export class TlsFailure extends Error {
  override readonly name = 'TlsFailure';
  constructor(readonly type: TlsFailureType, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

export interface SmtpSession {
  connection: DsnClient;
  /** Keywords of the answer to EHLO, in upper case; none after HELO. */
  extensions: ReadonlySet<string>;
}

/** A connection after EHLO, on which TLS is what the host's requirement asks for. The caller closes it. @throws {TlsFailure}, and what nodemailer and sockets throw */
export async function openSession(host: MailHost, options: SessionOptions): Promise<SmtpSession> {
  const connection = new DsnClient({
    ...tlsOptions(host, options),
    host: host.host,
    port: host.port,
    name: options.name,
    connection: await openSocket(host, options.lookup),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: IDLE_TIMEOUT_MS,
    logger: false,
  });
  try {
    await greet(connection);
    assertAuthentic(connection, host, options.nowMs);
    return { connection, extensions: extensionsIn(connection.lastServerResponse || '') };
  } catch (error) {
    connection.close();
    if (error instanceof TlsFailure || !isOfTls(error, connection)) throw error;
    throw new TlsFailure(connection.upgrading ? 'validation-failure' : 'starttls-not-supported', 'TLS cannot be set up', { cause: error });
  }
}

/** Certificates are judged after the handshake: nodemailer does not tell a refused certificate from a lost connection. */
function tlsOptions({ tls }: MailHost, { certificateAuthorities, withoutTls }: SessionOptions): { requireTLS: boolean; ignoreTLS: boolean; tls: ConnectionOptions } {
  return {
    requireTLS: tls.kind !== 'opportunistic',
    ignoreTLS: withoutTls,
    tls: { rejectUnauthorized: false, ...(certificateAuthorities !== null && { ca: certificateAuthorities }) },
  };
}

async function openSocket({ host, port }: MailHost, lookup: LookupFunction): Promise<Socket> {
  const socket = connect({ host, port, lookup, noDelay: true, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function greet(connection: DsnClient): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);   // stays on: an error after the promise is settled must not be unhandled
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

/** RFC 5321 §4.1.1.1: the lines after the first, each a keyword and perhaps parameters. */
function extensionsIn(ehloReply: string): Set<string> {
  const lines = ehloReply.split(/\r?\n/).slice(1);
  return new Set(lines.map((line) => (line.slice(4).split(' ')[0] ?? '').toUpperCase()));
}

function isOfTls(error: unknown, connection: DsnClient): boolean {
  return connection.upgrading || (error as { code?: string }).code === 'ETLS';
}

/** After the handshake and EHLO, before any address or message is sent. */
function assertAuthentic(connection: DsnClient, { tls }: MailHost, nowMs: number): void {
  if (tls.kind === 'opportunistic') return;
  const socket = connection._socket;
  if (!(socket instanceof TLSSocket)) throw new TlsFailure('starttls-not-supported', 'no TLS');
  if (tls.kind === 'publicAuthority' && !socket.authorized) throw new TlsFailure(certificateFailureOf(socket), 'nobody known vouches for the certificate, or not for this name');
  const certificate = socket.getPeerX509Certificate();
  if (tls.kind === 'dane' && (certificate === undefined || !isVouchedFor(certificate, tls, nowMs))) throw new TlsFailure('validation-failure', 'no TLSA record vouches for the certificate');
}

/** What its domain should hear of a session that was good enough for us; null: nothing. */
export function shortfallOf(connection: DsnClient, { tls, applied }: MailHost): TlsOutcome {
  const socket = connection._socket;
  if (!(socket instanceof TLSSocket)) return 'starttls-not-supported';
  if (tls.kind === 'encrypted') return 'tlsa-invalid';
  return applied?.type === 'sts' && !socket.authorized ? certificateFailureOf(socket) : null;
}

/** Of a certificate that no public authority vouches for, or not for this name. */
function certificateFailureOf({ authorizationError }: TLSSocket): TlsFailureType {
  switch (String((authorizationError as { code?: string } | null)?.code ?? authorizationError)) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID': return 'certificate-host-mismatch';
    case 'CERT_HAS_EXPIRED': return 'certificate-expired';
    default: return 'certificate-not-trusted';
  }
}
