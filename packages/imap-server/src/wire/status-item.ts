import type { Mailbox } from '@paloma/mail-store/port';
import type { CommandReader } from './command-reader.js';
import { formatMailboxName } from './mailbox-name.js';

/** What a mailbox does not know of itself. */
export interface StatusFacts {
  maxMessageBytes: number;
  isUtf8: boolean;
  unseenDrafts: number;
  deletedEmails: number;
  deletedBytes: number;
}

/**
 * What a STATUS item tells of a mailbox. RFC 3501 §6.3.10, RFC 9051 §6.3.11; SIZE RFC 8438, HIGHESTMODSEQ RFC 7162, MAILBOXID RFC 8474,
 * APPENDLIMIT RFC 7889, DELETED and DELETED-STORAGE RFC 9208 §4.1.4.
 */
const STATUS_VALUES = {
  MESSAGES: ({ totalEmails }: Mailbox) => totalEmails,
  RECENT: () => 0,
  UIDNEXT: ({ uidNext }: Mailbox) => uidNext,
  UIDVALIDITY: ({ uidValidity }: Mailbox) => uidValidity,
  UNSEEN: ({ unreadEmails }: Mailbox, { unseenDrafts }: StatusFacts) => unreadEmails + unseenDrafts,
  SIZE: ({ sizeBytes }: Mailbox) => sizeBytes,
  DELETED: (_: Mailbox, { deletedEmails }: StatusFacts) => deletedEmails,
  'DELETED-STORAGE': (_: Mailbox, { deletedBytes }: StatusFacts) => deletedBytes,
  HIGHESTMODSEQ: ({ highestModSeq }: Mailbox) => highestModSeq,
  MAILBOXID: ({ mailboxId }: Mailbox) => `(${mailboxId})`,
  APPENDLIMIT: (_: Mailbox, { maxMessageBytes }: StatusFacts) => maxMessageBytes,
};
export type StatusItem = keyof typeof STATUS_VALUES;

export function asksDeleted(items: readonly StatusItem[]): boolean {
  return items.includes('DELETED') || items.includes('DELETED-STORAGE');
}

/** "(" status-att *(SP status-att) ")" */
export function readStatusItems(reader: CommandReader): StatusItem[] {
  return reader.list(() => {
    const word = reader.word();
    return Object.hasOwn(STATUS_VALUES, word) ? (word as StatusItem) : reader.fail('status item');
  }, { maxItems: 30 });
}

/** `STATUS INBOX (MESSAGES 3 UIDNEXT 9)` */
export function formatStatus(mailbox: Mailbox, items: readonly StatusItem[], facts: StatusFacts): string {
  const values = items.map((item) => `${item} ${STATUS_VALUES[item](mailbox, facts)}`);
  return `STATUS ${formatMailboxName(mailbox.name, facts)} (${values.join(' ')})`;
}
