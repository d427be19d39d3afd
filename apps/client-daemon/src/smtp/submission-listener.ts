import type { SMTPServerSession } from 'smtp-server';
import { SmtpListener } from '@paloma/smtp-listener';
import type { SmtpReply } from './smtp-reply.js';

/** Listens for mail programs. */
export class SubmissionListener extends SmtpListener {
  /** Ends the connection of a session, saying why. */
  dismiss(session: SMTPServerSession, { code, text }: SmtpReply): void {
    for (const connection of this.connections) {
      if (connection.session !== session) continue;
      connection.send(code, text);
      connection.close();
    }
  }
}
