import type { Method } from '../method.js';
import { alarmAnswer } from './Alarm-answer.js';
import { coreEcho } from './Core-echo.js';
import { deviceGet } from './Device-get.js';
import { deviceSet } from './Device-set.js';
import { emailChanges } from './Email-changes.js';
import { emailGet } from './Email-get.js';
import { emailImport } from './Email-import.js';
import { emailParse } from './Email-parse.js';
import { emailQuery } from './Email-query.js';
import { emailQueryChanges } from './Email-queryChanges.js';
import { emailSet } from './Email-set.js';
import { emailSubmissionChanges } from './EmailSubmission-changes.js';
import { emailSubmissionGet } from './EmailSubmission-get.js';
import { emailSubmissionQuery } from './EmailSubmission-query.js';
import { emailSubmissionQueryChanges } from './EmailSubmission-queryChanges.js';
import { emailSubmissionSet } from './EmailSubmission-set.js';
import { identityChanges } from './Identity-changes.js';
import { identityGet } from './Identity-get.js';
import { identitySet } from './Identity-set.js';
import { keyDecide } from './Key-decide.js';
import { keyGet } from './Key-get.js';
import { mailAppPasswordGet } from './MailAppPassword-get.js';
import { mailAppPasswordSet } from './MailAppPassword-set.js';
import { mailboxChanges } from './Mailbox-changes.js';
import { mailboxGet } from './Mailbox-get.js';
import { mailboxQuery } from './Mailbox-query.js';
import { mailboxQueryChanges } from './Mailbox-queryChanges.js';
import { mailboxSet } from './Mailbox-set.js';
import { passphraseChange } from './Passphrase-change.js';
import { recipientResolve } from './Recipient-resolve.js';
import { recoveryKitCreate } from './RecoveryKit-create.js';
import { searchSnippetGet } from './SearchSnippet-get.js';
import { storageRootRotate } from './StorageRoot-rotate.js';
import { syncStatusGet } from './SyncStatus-get.js';
import { threadChanges } from './Thread-changes.js';
import { threadGet } from './Thread-get.js';

const ALL_METHODS: readonly Method[] = [
  coreEcho,
  mailboxGet, mailboxChanges, mailboxQuery, mailboxQueryChanges, mailboxSet,
  threadGet, threadChanges,
  emailGet, emailChanges, emailQuery, emailQueryChanges, emailSet, emailImport, emailParse,
  searchSnippetGet,
  identityGet, identityChanges, identitySet,
  emailSubmissionGet, emailSubmissionChanges, emailSubmissionQuery, emailSubmissionQueryChanges, emailSubmissionSet,
  recipientResolve, keyGet, keyDecide, syncStatusGet,
  mailAppPasswordGet, mailAppPasswordSet, deviceGet, deviceSet, passphraseChange, recoveryKitCreate, storageRootRotate, alarmAnswer,
];

/** Every method this server knows, by name. A new method is one file here and a line in the list above. */
export const METHODS: ReadonlyMap<string, Method> = new Map(ALL_METHODS.map((method) => [method.name, method]));
