// What our SMTP clients add to nodemailer (10.6): it has one NOTIFY and one ORCPT for all recipients of a message, and RFC 3461 §4 has
// them for each.

import { formatRecipientParameters } from '@paloma/mail-format';
import type { DeliveryStatusRequest, RecipientNotification } from '@paloma/shared-model';
import SMTPConnection, { type Envelope } from 'nodemailer/lib/smtp-connection/index.js';

export class DsnClient extends SMTPConnection {
  /** Kept by nodemailer: those whose RCPT has no answer yet, the one that is being written last. */
  declare readonly _recipientQueue: readonly string[];
  /** What the server can do, in nodemailer's words. */
  declare readonly _supportedExtensions: readonly string[];
  #notifications: ReadonlyMap<string, RecipientNotification> = new Map();

  /** What to ask for with the message that is sent next, for a server that knows how. `forwardPaths`: its recipients, in the order of the request. The result goes into the envelope. */
  ask(request: DeliveryStatusRequest | null, forwardPaths: readonly string[]): Pick<Envelope, 'dsn'> {
    this.#notifications = new Map(forwardPaths.map((forwardPath, index) => [forwardPath, request?.recipients[index] ?? {}]));
    const { returnedPart, envelopeId } = request ?? {};
    return { dsn: { ...(returnedPart && { ret: returnedPart }), ...(envelopeId && { envid: envelopeId }) } };
  }

  get knowsDsn(): boolean {
    return this._supportedExtensions.includes('DSN');
  }

  /** In place of nodemailer's. */
  _getDsnRcptToArgs(): string {
    const forwardPath = this._recipientQueue.at(-1) ?? '';
    return this.knowsDsn ? formatRecipientParameters(this.#notifications.get(forwardPath) ?? {}) : '';
  }
}
