// envelope = "(" env-date SP env-subject SP env-from … SP env-message-id ")"     RFC 3501 §9

import type { ImapAddress, ImapEnvelope } from './imap-envelope.js';
import { formatImapNString } from './imap-string.js';

/** As a FETCH answer has it. */
export function formatImapEnvelope(envelope: ImapEnvelope): string {
  const { date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId } = envelope;
  const lists = [from, sender, replyTo, to, cc, bcc].map(formatAddresses);
  return `(${[formatImapNString(date), formatImapNString(subject), ...lists, formatImapNString(inReplyTo), formatImapNString(messageId)].join(' ')})`;
}

/** NIL stands for no address: the grammar has no empty list. */
function formatAddresses(addresses: readonly ImapAddress[]): string {
  return addresses.length === 0 ? 'NIL' : `(${addresses.map(formatAddress).join('')})`;
}

// address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"; the source route (adl) is obsolete
function formatAddress({ name, mailbox, host }: ImapAddress): string {
  return `(${formatImapNString(name)} NIL ${formatImapNString(mailbox)} ${formatImapNString(host)})`;
}
