/**
 * Fields that mail programs ask of every message of a mailbox, to list and to thread it: what Thunderbird, Apple Mail, mutt, K-9,
 * Evolution and Roundcube send as HEADER.FIELDS. Lower case.
 */
export const LIST_FIELDS: ReadonlySet<string> = new Set([
  'date', 'subject', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'in-reply-to', 'references', 'newsgroups',
  'mime-version', 'content-type', 'content-transfer-encoding', 'content-description', 'lines',
  'priority', 'x-priority', 'importance', 'x-msmail-priority', 'x-label', 'disposition-notification-to',
  'list-id', 'list-post', 'list-unsubscribe', 'list-unsubscribe-post', 'auto-submitted', 'x-spam-status', 'x-spam-flag',
  'x-uniform-type-identifier', 'x-universally-unique-identifier', 'chat-version', 'x-k9mail-identity',
]);
