import type { Mailbox } from '@paloma/mail-store/port';
import type { CommandReader } from './command-reader.js';
import { formatMailboxName } from './mailbox-name.js';
import { formatAString } from './string.js';

/** What a STATUS item tells of a mailbox. RFC 3501 §6.3.10; SIZE RFC 8438, HIGHESTMODSEQ RFC 7162, MAILBOXID RFC 8474, APPENDLIMIT RFC 7889. */
const STATUS_VALUES = {
  MESSAGES: ({ totalEmails }: Mailbox) => totalEmails,
  RECENT: () => 0,
  UIDNEXT: ({ uidNext }: Mailbox) => uidNext,
  UIDVALIDITY: ({ uidValidity }: Mailbox) => uidValidity,
  UNSEEN: ({ unreadEmails }: Mailbox) => unreadEmails,
  SIZE: ({ sizeBytes }: Mailbox) => sizeBytes,
  HIGHESTMODSEQ: ({ highestModSeq }: Mailbox) => highestModSeq,
  MAILBOXID: ({ mailboxId }: Mailbox) => `(${mailboxId})`,
  APPENDLIMIT: (_: Mailbox, maxMessageBytes: number) => maxMessageBytes,
};
export type StatusItem = keyof typeof STATUS_VALUES;

/** "(" status-att *(SP status-att) ")" */
export function readStatusItems(reader: CommandReader): StatusItem[] {
  return reader.list(() => {
    const word = reader.word();
    return Object.hasOwn(STATUS_VALUES, word) ? (word as StatusItem) : reader.fail('status item');
  }, { maxItems: 30 });
}

/** `STATUS INBOX (MESSAGES 3 UIDNEXT 9)` */
export function formatStatus(mailbox: Mailbox, items: readonly StatusItem[], maxMessageBytes: number): string {
  const values = items.map((item) => `${item} ${STATUS_VALUES[item](mailbox, maxMessageBytes)}`);
  return `STATUS ${formatAString(formatMailboxName(mailbox.name))} (${values.join(' ')})`;
}
