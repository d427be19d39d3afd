// The envelope structure of IMAP, RFC 9051 §7.5.2, as plain values: texts as they stand in the header, encoded-words not
// decoded. How they are quoted on the wire is the server's business.

import { fieldsNamed, findField, parseHeaderBlock, type HeaderField } from '../header/header-field.js';
import { parseAddressList, type AddressListEntry, type HeaderAddress } from '../header/address-list.js';

/** RFC 9051 §7.5.2: `host` null marks group syntax; then `mailbox` is the group's name, or null at its end. */
export interface ImapAddress {
  name: string | null;
  mailbox: string | null;
  host: string | null;
}

export interface ImapEnvelope {
  date: string | null;
  subject: string | null;
  from: ImapAddress[];
  sender: ImapAddress[];
  replyTo: ImapAddress[];
  to: ImapAddress[];
  cc: ImapAddress[];
  bcc: ImapAddress[];
  inReplyTo: string | null;
  messageId: string | null;
}

/** Empty address lists are NIL. Sender and Reply-To fall back to From. */
export function imapEnvelope(headerBlock: Uint8Array): ImapEnvelope {
  const fields = parseHeaderBlock(headerBlock);
  const from = addresses(fields, 'From');
  return {
    date: textOf(fields, 'Date'),
    subject: textOf(fields, 'Subject'),
    from,
    sender: orElse(addresses(fields, 'Sender'), from),
    replyTo: orElse(addresses(fields, 'Reply-To'), from),
    to: addresses(fields, 'To'),
    cc: addresses(fields, 'Cc'),
    bcc: addresses(fields, 'Bcc'),
    inReplyTo: textOf(fields, 'In-Reply-To'),
    messageId: textOf(fields, 'Message-ID'),
  };
}

function textOf(fields: readonly HeaderField[], name: string): string | null {
  return findField(fields, name)?.text ?? null;
}

function addresses(fields: readonly HeaderField[], name: string): ImapAddress[] {
  return fieldsNamed(fields, name).flatMap((field) => parseAddressList(field.text).flatMap(formatEntry));
}

function formatEntry(entry: AddressListEntry): ImapAddress[] {
  if (entry.kind === 'address') return [formatMailbox(entry)];
  const start = { name: null, mailbox: entry.rawName, host: null };
  return [start, ...entry.members.map(formatMailbox), { name: null, mailbox: null, host: null }];
}

/** A missing domain is an empty string: NIL would mean group syntax. */
function formatMailbox(address: HeaderAddress): ImapAddress {
  return { name: address.rawName, mailbox: address.localPart, host: address.domain };
}

function orElse(list: ImapAddress[], fallback: ImapAddress[]): ImapAddress[] {
  return list.length > 0 ? list : fallback;
}
