// Header fields in the parsed forms of RFC 8621 §4.1.2.

import { decodeHeaderText, fieldsNamed, parseAddressList, parseHeaderDate, parseMessageIdList, type HeaderAddress, type HeaderField } from '@paloma/mail-format';
import { formatDate } from '../utc-date.js';
import type { HeaderForm, HeaderProperty } from './header-property.js';

export interface EmailAddress {
  name: string | null;
  email: string;
}

export interface EmailAddressGroup {
  name: string | null;
  addresses: EmailAddress[];
}

/** RFC 5322 §3.6: at most one of each in a message. */
const SINGLE_FIELDS = new Set(['date', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'in-reply-to', 'references', 'subject']);

/**
 * Value of a header property: of all fields of the name, or of one, or `null` when there is none. RFC 8621 §4.1.3 takes
 * the last. Departs from it for the fields that may stand once: a second `From` must not be shown where signatures are
 * checked against the first.
 */
export function headerValue(fields: readonly HeaderField[], { fieldName, form, isAll }: HeaderProperty): unknown {
  const named = fieldsNamed(fields, fieldName);
  if (isAll) return named.map((field) => formOf(field, form));
  const field = SINGLE_FIELDS.has(fieldName.toLowerCase()) ? named[0] : named.at(-1);
  return field ? formOf(field, form) : null;
}

/** RFC 8621 §4.1.2.1: octets that are not UTF-8 become U+FFFD, NUL is dropped. */
export function rawValue(field: HeaderField): string {
  return new TextDecoder().decode(field.value).replaceAll('\0', '');
}

const FORMS: Record<HeaderForm, (field: HeaderField) => unknown> = {
  Raw: rawValue,
  Text: (field) => decodeHeaderText(field.text).normalize('NFC'),
  Addresses: (field) => addressGroups(field).flatMap(({ addresses }) => addresses),
  GroupedAddresses: addressGroups,
  MessageIds: (field) => nullWhenEmpty(parseMessageIdList(field.text)),
  Date: dateValue,
  URLs: (field) => nullWhenEmpty([...field.text.matchAll(/<([^<>]+)>/g)].map(([, url]) => (url ?? '').replaceAll(/\s/g, ''))),
};

function formOf(field: HeaderField, form: HeaderForm): unknown {
  return FORMS[form](field);
}

/** RFC 8621 §4.1.2.4: runs of addresses outside any group make a group without a name. */
function addressGroups(field: HeaderField): EmailAddressGroup[] {
  const groups: EmailAddressGroup[] = [];
  let isRunOpen = false;
  for (const entry of parseAddressList(field.text)) {
    if (entry.kind === 'group') groups.push({ name: entry.name, addresses: entry.members.map(emailAddress) });
    else if (isRunOpen) groups.at(-1)?.addresses.push(emailAddress(entry));
    else groups.push({ name: null, addresses: [emailAddress(entry)] });
    isRunOpen = entry.kind === 'address';
  }
  return groups;
}

function emailAddress({ name, address }: HeaderAddress): EmailAddress {
  return { name: name === '' ? null : name, email: address };
}

function dateValue(field: HeaderField): string | null {
  const date = parseHeaderDate(field.text);
  return date && formatDate(date.epochMs, date.offsetMinutes);
}

/** RFC 8621 §4.1.2.5, §4.1.2.7: null when parsing fails. */
function nullWhenEmpty(values: string[]): string[] | null {
  return values.length > 0 ? values : null;
}
