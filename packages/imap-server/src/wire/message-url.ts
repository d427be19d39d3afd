// IMAP URLs of one's own messages, as CATENATE takes them (RFC 4469 §4, RFC 5092): relative to this server, so that they begin with the
// mailbox, `/Drafts;UIDVALIDITY=3857/;UID=20/;SECTION=1.2/;PARTIAL=0.1024`, or to the selected mailbox: `;UID=20/;SECTION=1.2`.

import { ImapError } from '../imap-error.js';
import { readBodySection, type BodySection, type PartialRange } from './body-section.js';
import { CommandReader } from './command-reader.js';
import { parseMailboxName } from './mailbox-name.js';

export interface MessageUrl {
  /** Null: the selected one. */
  mailboxName: string | null;
  /** Null: not said. */
  uidValidity: number | null;
  uid: number;
  section: BodySection;
  /** `length` may reach to the end. */
  partial: PartialRange | null;
}

// icommand of RFC 5092 §11: enc-mailbox [uidvalidity] iuid [isection] [ipartial]; irelative-path: iuid-only ["/" isection-only] ["/" ipartial-only].
// The latter is taken with a slash in front, too, which some write: no mailbox is called nothing.
const URL = /^(?:\/([^;/][^;]*?)(?:;UIDVALIDITY=([1-9]\d{0,9}))?\/|\/?);UID=([1-9]\d{0,9})(?:\/;SECTION=([^;]{1,2000}))?(?:\/;PARTIAL=(\d{1,10})(?:\.([1-9]\d{0,9}))?)?$/i;

/** Null for what is no such URL, and for those of other servers. */
export function parseMessageUrl(text: string): MessageUrl | null {
  const match = URL.exec(text);
  if (!match) return null;
  const [, name, uidValidity, uid, sectionText = '', offset, length] = match;
  const mailboxName = name === undefined ? null : decoded(name);
  const section = parseSection(decoded(sectionText));
  if ((name !== undefined && !mailboxName) || !section) return null;
  return {
    mailboxName: mailboxName && parseMailboxName(mailboxName, { isUtf8: true }),
    uidValidity: uidValidity === undefined ? null : Number(uidValidity),
    uid: Number(uid),
    section,
    partial: offset === undefined ? null : { offset: Number(offset), length: length === undefined ? Number.MAX_SAFE_INTEGER : Number(length) },
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function parseSection(text: string | null): BodySection | null {
  if (text === null) return null;
  const reader = new CommandReader([{ text: `[${text}]`, literal: null, isLiteral8: false }]);
  try {
    const section = readBodySection(reader);
    reader.end();
    return section;
  } catch (error) {
    if (error instanceof ImapError) return null;
    throw error;
  }
}
