// What a client is told when something fails. Two tables: refusals, which are answers of the store, and errors, which
// the one catch in connection.ts turns into an answer. If you add a code, the compiler sends you here.

import { MAX_ANNOTATION_BYTES } from '@paloma/shared-model';
import type { AnnotationRefusal, AppendAllOutcome, EmailUpdateOutcome, LoginRefusal, MailboxRefusal, MailStoreErrorCode } from '@paloma/mail-store/port';
import { bad, no, type Completion } from './completion.js';
import { ImapError, type ImapErrorCode } from './imap-error.js';
import { MailStoreError } from '@paloma/mail-store/port';

type RefusalOf<Outcome> = Outcome extends { refusal: infer Refusal extends string } ? Refusal : never;

export const NO_SUCH_MAILBOX = no('no such mailbox', 'NONEXISTENT');
/** For commands that would work if the client created the mailbox first: APPEND, COPY, MOVE. */
export const NO_TARGET_MAILBOX = no('no such mailbox', 'TRYCREATE');
export const MESSAGES_ARE_GONE = no('some of the messages are gone', 'EXPUNGEISSUED');
/** RFC 9586 §3. */
export const UID_REQUIRED = bad('messages have UIDs alone now', 'UIDREQUIRED');
export const READ_ONLY = no('the mailbox is open for reading only', 'READ-ONLY');
export const ACCOUNT_CLOSED = no('this account is locked: unlock it in Paloma, then let the mail program try again', 'UNAVAILABLE');

/** RFC 6154 §3: no mailbox is made. */
export const USE_NOT_POSSIBLE = no('no mailbox can be made for this use', 'USEATTR');
/** RFC 6154 §4 ties the entry to the use, which a mailbox has from its making on. */
export const USE_STAYS = no('a mailbox gets its use when it is made', 'USEATTR');

/** RFC 5530. */
export const COMPLETION_BY_LOGIN_REFUSAL = {
  wrongCredentials: no('wrong address or mail-app password', 'AUTHENTICATIONFAILED'),
  locked: ACCOUNT_CLOSED,
  tooManyAttempts: no('too many wrong passwords: wait a few minutes, then try again', 'LIMIT'),
} satisfies Record<LoginRefusal, Completion>;

export const COMPLETION_BY_MAILBOX_REFUSAL = {
  alreadyExists: no('there is a mailbox of this name', 'ALREADYEXISTS'),
  roleIsTaken: USE_NOT_POSSIBLE,
  notFound: NO_SUCH_MAILBOX,
  invalidName: no('not a name for a mailbox', 'CANNOT'),
  mailboxHasEmail: no('the mailbox holds messages', 'CANNOT'),
  mailboxHasChild: no('the mailbox holds other mailboxes', 'HASCHILDREN'),
  isRoleMailbox: no('the account needs this mailbox', 'NOPERM'),
} satisfies Record<MailboxRefusal, Completion>;

export const COMPLETION_BY_APPEND_REFUSAL = {
  mailboxNotFound: NO_TARGET_MAILBOX,
  tooLarge: no('the message is too large', 'TOOBIG'),
  alreadyDestroyed: no('this message was destroyed', 'CANNOT'),
  replacedNotFound: MESSAGES_ARE_GONE,
} satisfies Record<RefusalOf<AppendAllOutcome>, Completion>;

export const COMPLETION_BY_UPDATE_REFUSAL = {
  notFound: MESSAGES_ARE_GONE,
  mailboxNotFound: NO_TARGET_MAILBOX,
  modified: no('some of the messages were changed by others', 'MODIFIED'),
  tooManyKeywords: no('too many keywords on one message', 'LIMIT'),
} satisfies Record<RefusalOf<EmailUpdateOutcome>, Completion>;

/** RFC 5464 §4.3. */
export const COMPLETION_BY_ANNOTATION_REFUSAL = {
  mailboxNotFound: NO_SUCH_MAILBOX,
  annotationTooLarge: no('the value is too large', `METADATA MAXSIZE ${MAX_ANNOTATION_BYTES}`),
  tooManyAnnotations: no('too many entries', 'METADATA TOOMANY'),
} satisfies Record<AnnotationRefusal, Completion>;

const COMPLETION_BY_STORE_ERROR = {
  contentUnavailable: no('the message is not on this device and the provider cannot be reached now', 'UNAVAILABLE'),
  storeClosed: ACCOUNT_CLOSED,
  internal: no('something went wrong here; it has been noted', 'SERVERBUG'),
} satisfies Record<MailStoreErrorCode, Completion>;

const COMPLETION_BY_IMAP_ERROR = {
  syntax: (error) => bad(error.message.replace(/^imap-server: /, '')),
  tooLarge: (error) => no(error.message.replace(/^imap-server: /, ''), 'TOOBIG'),
  unknownEncoding: () => no('a part of the message cannot be decoded', 'UNKNOWN-CTE'), // RFC 3516 §4.3
  connectionLost: () => no('the connection is lost'),
} satisfies Record<ImapErrorCode, (error: ImapError) => Completion>;

/** The answer to a command that threw. `isBug`: nobody expected it, so it is to be logged. */
export function completionOfError(error: unknown): { completion: Completion; isBug: boolean } {
  if (error instanceof ImapError) return { completion: COMPLETION_BY_IMAP_ERROR[error.code](error), isBug: false };
  const code = error instanceof MailStoreError ? error.code : 'internal';
  return { completion: COMPLETION_BY_STORE_ERROR[code], isBug: code === 'internal' };
}
