// What searches, sorts and threads need of a header block: decoded (RFC 2047) and folded (folded-text.ts).

import {
  decodeHeaderText, fieldsNamed, findField, flattenAddresses, parseAddressList, parseHeaderBlock, parseHeaderDate, parseMessageIdList, type HeaderField,
} from '@paloma/mail-format';
import type { Conversation } from './conversation.js';
import { foldText } from './folded-text.js';
import { normalizedSubject } from './normalized-subject.js';

/** Characters of one field that can be searched and sorted by. The whole block is still there for `header` conditions. */
const MAX_FIELD_CHARS = 8 * 1024;
/** Characters that sorting looks at. */
const MAX_SORT_KEY_CHARS = 128;

export interface HeaderTexts {
  from: string;
  to: string;
  cc: string;
  bcc: string;
  subject: string;
  /** Sender and Reply-To: found by `text` alone. */
  otherAddresses: string;
  /** Date field; `null` when there is none that can be read. */
  sentAtMs: number | null;
  /** The same as the sender's clock showed it: RFC 9051 §6.4.4 has SENTON and its like disregard the time zone. */
  sentLocalMs: number | null;
  sortKeys: { from: string; to: string; cc: string; subject: string };
  conversation: Conversation;
}

export function readHeaderTexts(headerBlock: Uint8Array): HeaderTexts {
  const fields = parseHeaderBlock(headerBlock);
  const subject = foldedField(fields, 'Subject');
  const date = parseHeaderDate(findField(fields, 'Date')?.text ?? '');
  return {
    from: foldedField(fields, 'From'),
    to: foldedField(fields, 'To'),
    cc: foldedField(fields, 'Cc'),
    bcc: foldedField(fields, 'Bcc'),
    subject,
    otherAddresses: `${foldedField(fields, 'Sender')}\n${foldedField(fields, 'Reply-To')}`,
    sentAtMs: date?.epochMs ?? null,
    sentLocalMs: date && date.epochMs + date.offsetMinutes * 60_000,
    sortKeys: {
      from: addressSortKey(fields, 'From'), to: addressSortKey(fields, 'To'), cc: addressSortKey(fields, 'Cc'),
      subject: normalizedSubject(subject).slice(0, MAX_SORT_KEY_CHARS).toWellFormed(),
    },
    conversation: { subject: normalizedSubject(subject), references: referencesOf(fields) },
  };
}

/** Every field as `[lower-case name, decoded and folded value]`, for `header` conditions. */
export function foldedFields(headerBlock: Uint8Array): (readonly [name: string, value: string])[] {
  return parseHeaderBlock(headerBlock).map((field) => [field.name.toLowerCase(), foldText(decodeHeaderText(field.text))] as const);
}

function foldedField(fields: readonly HeaderField[], name: string): string {
  const text = fieldsNamed(fields, name).map((field) => decodeHeaderText(field.text.slice(0, MAX_FIELD_CHARS))).join('\n');
  return foldText(text.slice(0, MAX_FIELD_CHARS));
}

// RFC 8621 §4.4.2: the name of the first address, or the address where it has none.
function addressSortKey(fields: readonly HeaderField[], name: string): string {
  const text = findField(fields, name)?.text.slice(0, MAX_FIELD_CHARS) ?? '';
  const first = flattenAddresses(parseAddressList(text))[0];
  return foldText((first?.name || first?.address || '').slice(0, MAX_SORT_KEY_CHARS));
}

function referencesOf(fields: readonly HeaderField[]): string[] {
  return ['Message-ID', 'In-Reply-To', 'References'].flatMap((name) => parseMessageIdList(findField(fields, name)?.text ?? ''));
}
