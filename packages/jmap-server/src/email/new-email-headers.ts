// Header properties of an Email that a client creates (RFC 8621 §4.6), as header fields to write.

import { encodeHeaderText, foldHeader, formatAddressList, formatDate, MailFormatError, type AddressInput, type ComposeInput } from '@paloma/mail-format';
import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { parseDate } from '../utc-date.js';
import { CONVENIENCE_PROPERTIES, headerPropertyNamed, type ConvenienceProperty, type HeaderForm, type HeaderProperty } from './header-property.js';

const text = z.string().max(10_000);
const emailAddresses = z.array(z.object({ name: text.nullish(), email: text })).max(1000)
  .transform((list): AddressInput[] => list.map(({ name, email }) => ({ name: name ?? null, address: email })));
const messageIds = z.array(z.string().regex(/^[^\s<>]{1,900}$/)).max(500);
const date = text.transform((value, context) => {
  const epochMs = parseDate(value);
  if (epochMs === null) context.addIssue({ code: 'custom', message: 'not a Date' });
  return epochMs ?? 0;
});
const groups = z.array(z.object({ name: text.nullable(), addresses: emailAddresses })).max(100);

/** How a value of each form is written. */
const WRITERS: Record<HeaderForm, z.ZodType<string>> = {
  Raw: text.regex(/^[\x20-\x7e\t]*(?:\r\n[ \t][\x20-\x7e\t]*)*$/),
  Text: text.transform(encodeHeaderText),
  Addresses: emailAddresses.transform(formatAddressList),
  GroupedAddresses: groups.transform((list) => list.map(formatGroup).join(', ')),
  MessageIds: messageIds.transform((ids) => ids.map((id) => `<${id}>`).join(' ')),
  Date: date.transform(formatDate),
  URLs: z.array(z.string().regex(/^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/)).max(100).transform((urls) => urls.map((url) => `<${url}>`).join(', ')),
};

function formatGroup({ name, addresses }: z.output<typeof groups>[number]): string {
  return name === null ? formatAddressList(addresses) : `${encodeHeaderText(name.replaceAll(/[^\p{L}\p{N} ]/gu, ' '))}: ${formatAddressList(addresses)};`;
}

/** The fields that `composeMessage` writes itself. */
const composed = {
  messageId: messageIds.length(1), inReplyTo: messageIds, references: messageIds,
  from: emailAddresses, to: emailAddresses, cc: emailAddresses, bcc: emailAddresses, replyTo: emailAddresses,
  subject: text, sentAt: date,
};
type ComposedProperty = keyof typeof composed;
type ComposedValues = { [Property in ComposedProperty]?: z.output<(typeof composed)[Property]> };

export type ComposedHeaders = Partial<Pick<ComposeInput, 'from' | 'to' | 'cc' | 'bcc' | 'replyTo' | 'subject' | 'inReplyTo' | 'references' | 'date' | 'messageId'>>;

export interface NewEmailHeaders {
  readonly composed: ComposedHeaders;
  /** Further fields, folded, each with its line end. */
  readonly furtherFields: string;
}

export type ParsedHeaders = { ok: true; headers: NewEmailHeaders } | { ok: false; invalid: string[] };

/** Reads all header properties among `properties`; others are left to the caller. A null stands for "no such field". */
export function parseNewHeaders(properties: JsonObject): ParsedHeaders {
  const values: ComposedValues = {};
  const seen = new Set<string>();
  const invalid: string[] = [];
  let furtherFields = '';
  for (const [name, value] of Object.entries(properties)) {
    const header = headerPropertyNamed(name);
    if (!header || value === null) continue;
    const field = isRepeated(header, seen) ? null : readField(header, value, values);
    if (field === null) invalid.push(name);
    furtherFields += field ?? '';
  }
  if (invalid.length > 0) return { ok: false, invalid };
  const { sentAt, messageId, ...others } = values;
  const dated = sentAt === undefined ? {} : { date: sentAt };
  const identified = messageId?.[0] === undefined ? {} : { messageId: messageId[0] };
  return { ok: true, headers: { composed: { ...others, ...dated, ...identified }, furtherFields } };
}

/** RFC 8621 §4.6: no field in two ways, and none that describes the body. */
function isRepeated({ fieldName }: HeaderProperty, seen: Set<string>): boolean {
  const key = fieldName.toLowerCase();
  if (seen.has(key) || key.startsWith('content-') || key === 'mime-version') return true;
  seen.add(key);
  return false;
}

/** Puts the value where `composeMessage` finds it (answers ''), or answers the field as text; null when it is not valid. */
function readField(header: HeaderProperty, value: unknown, values: ComposedValues): string | null {
  const property = composedPropertyOf(header);
  if (property === 'otherForm') return null;
  if (property === null) return writeField(header, value);
  return isWritable(header.form, value) && assignValue(property, value, values) ? '' : null;
}

function assignValue(property: ComposedProperty, value: unknown, values: ComposedValues): boolean {
  const parsed = composed[property].safeParse(value);
  if (parsed.success) Object.assign(values, { [property]: parsed.data });
  return parsed.success;
}

function composedPropertyOf({ fieldName, form, isAll }: HeaderProperty): ComposedProperty | 'otherForm' | null {
  const entries = Object.entries(CONVENIENCE_PROPERTIES) as [ConvenienceProperty, HeaderProperty][];
  const convenience = entries.find(([name, property]) => name in composed && property.fieldName.toLowerCase() === fieldName.toLowerCase());
  if (!convenience) return null;
  return convenience[1].form === form && !isAll ? (convenience[0] as ComposedProperty) : 'otherForm';
}

function writeField({ fieldName, form, isAll }: HeaderProperty, value: unknown): string | null {
  const items = isAll ? value : [value];
  if (!Array.isArray(items) || items.length > 100) return null;
  const written = items.map((item) => writeValue(form, item));
  return written.every((line) => line !== null) ? written.map((line) => foldHeader(fieldName, line)).join('') : null;
}

function isWritable(form: HeaderForm, value: unknown): boolean {
  return writeValue(form, value) !== null;
}

/** `null`: of the wrong type, or an address that a header field cannot hold. */
function writeValue(form: HeaderForm, value: unknown): string | null {
  try {
    const written = WRITERS[form].safeParse(value);
    return written.success ? written.data : null;
  } catch (error) {
    if (error instanceof MailFormatError) return null;
    throw error;
  }
}
