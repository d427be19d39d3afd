// Submission to provider-mx (RFC 6409) over implicit TLS (RFC 8314 §3.3), authenticated by the account's session token.

import type { Redacted } from '@paloma/shared-model';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection/index.js';
import type { SubmissionClient, TransmissionResult } from './submission-client.js';

export interface SmtpSubmissionSettings {
  /** Where submission is, as the provider's discovery document says. */
  server: () => Promise<{ host: string; port: number }>;
  address: string;
  /** PEM of an authority to trust beside the public ones. */
  authority: string | undefined;
  token: Redacted<string>;
}

const CONNECT_TIMEOUT_MS = 15_000;
const SILENCE_TIMEOUT_MS = 60_000;

type Sent = { accepted: string[]; rejected: string[]; rejectedErrors?: SMTPError[] };

export class SmtpSubmissionClient implements SubmissionClient {
  readonly #settings: SmtpSubmissionSettings;

  constructor(settings: SmtpSubmissionSettings) {
    this.#settings = settings;
  }

  async send({ octets, reversePath, forwardPaths }: Parameters<SubmissionClient['send']>[0]): Promise<TransmissionResult> {
    let connection: SMTPConnection | null = null;
    try {
      connection = await this.#connect();
      await this.#logIn(connection);
      return resultOf(await transmit(connection, reversePath, forwardPaths, octets), null);
    } catch (error) {
      return resultOf(null, { error: error as SMTPError, forwardPaths });
    } finally {
      connection?.close();
    }
  }

  async #connect(): Promise<SMTPConnection> {
    const { server, authority } = this.#settings;
    return new SMTPConnection({
      ...await server(), secure: true, connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_TIMEOUT_MS, ...(authority !== undefined && { tls: { ca: authority } }),
    });
  }

  #logIn(connection: SMTPConnection): Promise<void> {
    return new Promise((resolve, reject) => {
      connection.once('error', reject);
      connection.connect(() => {
        connection.login({ user: this.#settings.address, pass: this.#settings.token.reveal() }, (error) => (error ? reject(error) : resolve()));
      });
    });
  }
}

function transmit(connection: SMTPConnection, reversePath: string, forwardPaths: readonly string[], octets: Uint8Array): Promise<Sent> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('connection closed')));
    connection.send({ from: reversePath, to: [...forwardPaths], size: octets.length }, Buffer.from(octets), (error, info) => (error ? reject(error) : resolve(info as Sent)));
  });
}

/** RFC 5321 §4.2.1: 5yz is final, anything else (4yz, no answer) is tried again. */
function isFinal(error: SMTPError): boolean {
  return error.responseCode !== undefined && error.responseCode >= 500 && error.code !== 'EAUTH';
}

function resultOf(sent: Sent | null, failure: { error: SMTPError; forwardPaths: readonly string[] } | null): TransmissionResult {
  const perRecipient = (sent?.rejectedErrors ?? failure?.error.rejectedErrors ?? []) as (SMTPError & { recipient?: string })[];
  const refused = perRecipient.filter(isFinal).map((error) => ({ forwardPath: error.recipient ?? '', reply: error.response ?? '' }));
  if (!failure) return { accepted: sent!.accepted, refused, waitReason: perRecipient.find((error) => !isFinal(error))?.response ?? null };
  const { error, forwardPaths } = failure;
  if (perRecipient.length > 0) return { accepted: [], refused, waitReason: perRecipient.find((each) => !isFinal(each))?.response ?? null };
  if (isFinal(error)) return { accepted: [], refused: forwardPaths.map((forwardPath) => ({ forwardPath, reply: error.response ?? '' })), waitReason: null };
  return { accepted: [], refused: [], waitReason: error.code === 'EAUTH' ? 'the provider asks you to sign in again' : error.response ?? 'the provider could not be reached' };
}
