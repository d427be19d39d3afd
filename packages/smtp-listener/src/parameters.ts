import type { SMTPServerAddress } from 'smtp-server';

/** Of MAIL: RFC 1870, RFC 6152, RFC 6531, and RFC 4954 §5, which is read and not used. */
export const MAIL_PARAMETERS: readonly string[] = ['SIZE', 'BODY', 'SMTPUTF8', 'AUTH'];

/** RFC 3461 §4. */
export const MAIL_DSN_PARAMETERS: readonly string[] = ['RET', 'ENVID'];
export const RCPT_DSN_PARAMETERS: readonly string[] = ['NOTIFY', 'ORCPT'];

/** Whether all parameters of MAIL or RCPT are among these. One that nobody knows may be of consequence, and is refused by `555` (RFC 5321 §4.1.1.11). */
export function hasKnownParameters({ args }: SMTPServerAddress, known: readonly string[]): boolean {
  return Object.keys(args || {}).every((name) => known.includes(name));
}
