// The Email object, RFC 8621 §4.1: a table from property to how it is read.

import { hasAttachment, previewText, selectBodyParts } from '@paloma/mail-format';
import type { MessagePart } from '@paloma/shared-model';
import { formatBlobId } from '../blob/blob-reference.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import { formatUtcDate } from '../utc-date.js';
import { bodyPart, bodyStructure } from './body-part.js';
import { bodyValues, type BodyValueBudget, type BodyValueOptions } from './body-values.js';
import type { EmailSource } from './email-source.js';
import { headerPropertyNamed } from './header-property.js';
import { headerValue, rawValue } from './header-value.js';

export interface EmailOptions extends BodyValueOptions {
  readonly properties: readonly string[];
  readonly bodyProperties: readonly string[];
}

/** RFC 8621 §4.1.4: a preview has at most 256 characters. */
const MAX_PREVIEW_CHARS = 256;

const PARSED_PROPERTIES = [
  'messageId', 'inReplyTo', 'references', 'sender', 'from', 'to', 'cc', 'bcc', 'replyTo', 'subject', 'sentAt',
  'hasAttachment', 'preview', 'bodyValues', 'textBody', 'htmlBody', 'attachments',
] as const;
/** Defaults of Email/parse, RFC 8621 §4.9. */
export const DEFAULT_PARSED_PROPERTIES: readonly string[] = PARSED_PROPERTIES;
/** Defaults of Email/get, RFC 8621 §4.2. */
export const DEFAULT_EMAIL_PROPERTIES: readonly string[] = ['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'size', 'receivedAt', ...PARSED_PROPERTIES];

type PropertyReader = (source: EmailSource, options: EmailOptions, budget: BodyValueBudget) => unknown;

const PROPERTIES: Readonly<Record<string, PropertyReader>> = {
  id: ({ record }) => record?.emailId ?? null,
  blobId: ({ blob }) => formatBlobId(blob),
  threadId: ({ record }) => record?.threadId ?? null,
  mailboxIds: ({ record }) => record && setOf(record.mailboxIds),
  keywords: ({ record }) => record && setOf(record.keywords),
  size: ({ sizeBytes }) => sizeBytes,
  receivedAt: ({ record }) => record && formatUtcDate(record.receivedAtMs),
  headers: ({ headers }) => headers.map((field) => ({ name: field.name, value: rawValue(field) })),
  bodyStructure: (source, { bodyProperties }) => bodyStructure(source.rootPart, source, bodyProperties),
  bodyValues,
  textBody: (source, options) => bodyParts(selectBodyParts(source.rootPart).textBody, source, options),
  htmlBody: (source, options) => bodyParts(selectBodyParts(source.rootPart).htmlBody, source, options),
  attachments: (source, options) => bodyParts(selectBodyParts(source.rootPart).attachments, source, options),
  hasAttachment: ({ record, rootPart }) => record?.hasAttachment ?? hasAttachment(rootPart),
  preview: async (source) => source.record?.preview ?? previewText(await source.load(0, source.sizeBytes), source.rootPart, MAX_PREVIEW_CHARS),
  // docs/protocol/jmap.md: what was learnt on arrival, never what the message says of itself.
  security: ({ record }) => record && { ...record.security },
};

/** @throws {JmapError} "invalidArguments" for a property that emails do not have */
export function assertEmailProperties(properties: readonly string[], isVendorAllowed: boolean): void {
  const isKnown = (name: string): boolean =>
    (Object.hasOwn(PROPERTIES, name) && (name !== 'security' || isVendorAllowed)) || headerPropertyNamed(name) !== null;
  if (!properties.every(isKnown)) throw new JmapError('invalidArguments', 'properties: not all are known');
}

export async function emailObject(source: EmailSource, options: EmailOptions, budget: BodyValueBudget): Promise<JsonObject> {
  const object: JsonObject = {};
  for (const name of options.properties) object[name] = await readProperty(name, source, options, budget);
  return object;
}

function readProperty(name: string, source: EmailSource, options: EmailOptions, budget: BodyValueBudget): unknown {
  const headerProperty = headerPropertyNamed(name);
  return headerProperty ? headerValue(source.headers, headerProperty) : PROPERTIES[name]?.(source, options, budget);
}

async function bodyParts(parts: readonly MessagePart[], source: EmailSource, { bodyProperties }: EmailOptions): Promise<JsonObject[]> {
  const objects: JsonObject[] = [];
  for (const part of parts) objects.push(await bodyPart(part, source, bodyProperties));
  return objects;
}

/** JMAP's sets: `{member: true}`. */
function setOf(members: readonly string[]): Record<string, true> {
  return Object.fromEntries(members.map((member) => [member, true]));
}
