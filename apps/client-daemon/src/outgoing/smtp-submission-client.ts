// Submission to provider-mx (RFC 6409) over implicit TLS (RFC 8314 §3.3), authenticated by the account's session token. One
// connection for each transmission: they are few, and one that broke spoils no other.

import type { Redacted } from '@paloma/shared-model';
import { DsnClient } from '@paloma/smtp-listener';
import type { SMTPError } from 'nodemailer/lib/smtp-connection/index.js';
import { NOTHING_SENT, type OutgoingTransmission, type SubmissionClient, type TransmissionResult } from './submission-client.js';

export interface SmtpSubmissionSettings {
  /** Where submission is, as the provider's discovery document says. */
  server: () => Promise<{ host: string; port: number }>;
  address: string;
  /** PEM of the authority to trust; the system's when absent. */
  authority: string | undefined;
  token: Redacted<string>;
  /** Longest silence of the server, in milliseconds. */
  silenceTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** Departs from RFC 5321 §4.5.3.2.6 (ten minutes after DATA): what is sent twice, the provider recognises. */
const SILENCE_TIMEOUT_MS = 2 * 60_000;
/** A server that trickles its replies must not hold the outbox for ever; 50 MiB at 1 Mbit/s take half of it. */
const WHOLE_TIMEOUT_MS = 15 * 60_000;

type Sent = { accepted: string[]; rejectedErrors?: RecipientError[] };
type RecipientError = SMTPError & { recipient?: string };

export class SmtpSubmissionClient implements SubmissionClient {
  readonly #settings: SmtpSubmissionSettings;

  constructor(settings: SmtpSubmissionSettings) {
    this.#settings = settings;
  }

  async send(transmission: OutgoingTransmission): Promise<TransmissionResult> {
    try {
      const { host, port } = await this.#settings.server();
      return await this.#sendTo(host, port, transmission);
    } catch (error) {
      return resultOfError(error as SMTPError, transmission.forwardPaths);
    }
  }

  async #sendTo(host: string, port: number, transmission: OutgoingTransmission): Promise<TransmissionResult> {
    const { authority, silenceTimeoutMs = SILENCE_TIMEOUT_MS } = this.#settings;
    const connection = new DsnClient({
      host, port, secure: true, connectionTimeout: CONNECT_TIMEOUT_MS, greetingTimeout: CONNECT_TIMEOUT_MS, socketTimeout: silenceTimeoutMs,
      ...(authority !== undefined && { tls: { ca: authority } }),
    });
    const lost = lossOf(connection, AbortSignal.any([transmission.signal, AbortSignal.timeout(WHOLE_TIMEOUT_MS)]));
    try {
      await Promise.race([lost, this.#logIn(connection)]);
      if (!transmission.claim()) return NOTHING_SENT;
      return resultOfSent(await Promise.race([lost, transmit(connection, transmission)]));
    } finally {
      connection.close();
    }
  }

  async #logIn(connection: DsnClient): Promise<void> {
    const { address, token } = this.#settings;
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    await new Promise<void>((resolve, reject) => connection.login({ user: address, pass: token.reveal() }, (error) => (error ? reject(error) : resolve())));
  }
}

/** Rejects when the connection ends, whatever the reason; listens for as long as the connection lives. */
function lossOf(connection: DsnClient, signal: AbortSignal): Promise<never> {
  const lost = new Promise<never>((_resolve, reject) => {
    connection.on('error', reject);
    connection.on('end', () => reject(new Error('connection closed')));
    const breakOff = (): void => {
      reject(new Error('broken off'));
      connection.close();
    };
    if (signal.aborted) breakOff();
    else signal.addEventListener('abort', breakOff, { once: true });
  });
  lost.catch(() => {});
  return lost;
}

/** The envelope leaves in this turn of the event loop. */
function transmit(connection: DsnClient, { reversePath, forwardPaths, octets, notifications }: OutgoingTransmission): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const envelope = { from: reversePath, to: [...forwardPaths], size: octets.length, use8BitMime: true, ...connection.ask(notifications, forwardPaths) };
    connection.send(envelope, Buffer.from(octets.buffer, octets.byteOffset, octets.length), (error, info) => (error ? reject(error) : resolve(info as Sent)));
  });
}

function resultOfSent({ accepted, rejectedErrors = [] }: Sent): TransmissionResult {
  return { ...resultOfRecipients(rejectedErrors), accepted };
}

function resultOfError(error: SMTPError, forwardPaths: readonly string[]): TransmissionResult {
  const rejectedErrors = (error.rejectedErrors ?? []) as RecipientError[];
  if (rejectedErrors.length > 0) return resultOfRecipients(rejectedErrors);
  const reply = finalReplyOf(error);
  if (reply === null) return { ...NOTHING_SENT, waitReason: waitReasonOf(error) };
  return { ...NOTHING_SENT, refused: forwardPaths.map((forwardPath) => ({ forwardPath, reply })) };
}

function resultOfRecipients(errors: readonly RecipientError[]): TransmissionResult {
  const refused = errors.flatMap((error) => {
    const reply = finalReplyOf(error);
    return reply === null ? [] : [{ forwardPath: error.recipient ?? '', reply }];
  });
  const waiting = errors.find((error) => finalReplyOf(error) === null);
  return { accepted: [], refused, waitReason: waiting ? waitReasonOf(waiting) : null };
}

/**
 * The reply that refuses this message or recipient for good: 5yz (RFC 5321 §4.2.1) about the transaction. The same codes about
 * the connection or the log-in (RFC 4954 §6) say nothing about the message.
 */
function finalReplyOf({ code, responseCode = 0, response }: SMTPError): string | null {
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return null;
  if (response === undefined) return code === 'EMESSAGE' ? '552 5.3.4 larger than the provider takes' : null;
  return responseCode >= 500 && responseCode !== 525 && responseCode !== 530 && responseCode !== 535 ? response : null;
}

function waitReasonOf({ code, responseCode = 0, response }: SMTPError): string {
  if (responseCode === 525) return 'the operator of the provider has disabled this account';   // RFC 5248 §3: signing in again is of no use
  const mustSignIn = (code === 'EAUTH' && responseCode >= 500) || responseCode === 530 || responseCode === 535;
  return mustSignIn ? 'the provider asks you to sign in again' : response ?? 'the provider could not be reached';
}
