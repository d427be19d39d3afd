import { createTransport } from 'nodemailer';
import type { UserDevice } from './world.js';

/** As a mail program does it, logged in by the address of the account. */
export function submit(user: UserDevice, from: string, to: string, subject: string): Promise<unknown> {
  const transport = createTransport({ host: '127.0.0.1', port: user.device.ports.smtp, auth: { user: user.address, pass: user.mailAppPassword }, ignoreTLS: true });
  return transport.sendMail({ from, to, subject, text: `text of ${subject}` });
}
