// What a mail program is told. If you add a refusal, the compiler sends you to these tables.

import type { LoginRefusal, SubmissionOutcome } from '@paloma/mail-store/port';

/** RFC 5321 §4.2 with an enhanced status code, RFC 3463. */
export interface SmtpReply {
  code: number;
  text: string;
}

type SubmissionRefusal = Extract<SubmissionOutcome, { ok: false }>['refusal'];

export const REPLY_BY_REFUSAL = {
  forbiddenFrom: { code: 550, text: '5.7.1 the sender address does not belong to this account' },
  noRecipients: { code: 554, text: '5.5.1 no valid recipients' },
  invalidRecipients: { code: 553, text: '5.1.3 a recipient address is malformed' },
  tooManyRecipients: { code: 452, text: '4.5.3 too many recipients' },
  tooLarge: { code: 552, text: '5.3.4 message too large' },
} as const satisfies Record<SubmissionRefusal, SmtpReply>;

export const REPLY_BY_LOGIN_REFUSAL = {
  wrongCredentials: { code: 535, text: '5.7.8 address or mail-app password is wrong' },
  locked: { code: 454, text: '4.7.0 this account is locked: unlock it in Paloma, then let the mail program try again' },
  tooManyAttempts: { code: 454, text: '4.7.0 too many attempts: wait a minute' },
} as const satisfies Record<LoginRefusal, SmtpReply>;

/** RFC 5321 §4.1.1.11. */
export const UNSUPPORTED_PARAMETER: SmtpReply = { code: 555, text: '5.5.4 parameter is not supported' };
/** RFC 4954 §6. */
export const AUTHENTICATION_REQUIRED: SmtpReply = { code: 530, text: '5.7.0 authentication required' };
export const LOGIN_FAILED: SmtpReply = { code: 454, text: '4.3.0 could not be checked, try again' };
export const NOT_STORED: SmtpReply = { code: 451, text: '4.3.0 could not be stored, try again' };
/** RFC 5321 §3.8: the server may end a session with 421 at any time. */
export const PASSWORD_REVOKED: SmtpReply = { code: 421, text: '4.7.0 the password of this mail program was revoked' };
