// The EmailBodyPart object, RFC 8621 §4.1.4.

import { decodeHeaderText, decodeTransferEncoding, findField, isMultipart, parseHeaderBlock, type HeaderField } from '@paloma/mail-format';
import { BLOB_THRESHOLD_BYTES, type MessagePart } from '@paloma/shared-model';
import { MailStoreError } from '@paloma/mail-store/port';
import { formatBlobId } from '../blob/blob-reference.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { EmailSource } from './email-source.js';
import { parseHeaderProperty } from './header-property.js';
import { headerValue, rawValue } from './header-value.js';
import { partIdOf } from './part-id.js';

export const DEFAULT_BODY_PROPERTIES = ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid', 'language', 'location'] as const;

interface PartReading {
  readonly part: MessagePart;
  readonly source: EmailSource;
  /** Header fields of the part, loaded once and only when asked for. */
  readonly headers: () => Promise<readonly HeaderField[]>;
}

const PROPERTIES: Readonly<Record<string, (reading: PartReading) => unknown>> = {
  partId: ({ part }) => partIdOf(part),
  blobId: ({ part, source }) => blobIdOf(part, source),
  size: ({ part, source }) => (isMultipart(part) ? 0 : decodedSize(part, source)),
  headers: async ({ headers }) => (await headers()).map((field) => ({ name: field.name, value: rawValue(field) })),
  name: ({ part }) => part.filename,
  type: ({ part }) => part.mediaType,
  charset: ({ part }) => (part.mediaType.startsWith('text/') ? (part.parameters['charset'] ?? 'us-ascii') : null),
  disposition: ({ part }) => part.disposition,
  cid: ({ part }) => part.contentId,
  language: async ({ headers }) => languagesOf(await headers()),
  location: async ({ headers }) => findField(await headers(), 'Content-Location')?.text ?? null,
  subParts: () => null,
};

/** @throws {JmapError} "invalidArguments" for a property that body parts do not have */
export function assertBodyProperties(properties: readonly string[]): void {
  const isKnown = (name: string): boolean => Object.hasOwn(PROPERTIES, name) || parseHeaderProperty(name) !== null;
  if (!properties.every(isKnown)) throw new JmapError('invalidArguments', 'bodyProperties: not all are known');
}

export async function bodyPart(part: MessagePart, source: EmailSource, properties: readonly string[]): Promise<JsonObject> {
  const reading: PartReading = { part, source, headers: onDemand(() => loadHeaders(part, source)) };
  const object: JsonObject = {};
  for (const name of properties) object[name] = await readProperty(name, reading);
  return object;
}

/** The part with everything in it. Attached messages are leaves (RFC 8621 §4.1.4). */
export async function bodyStructure(part: MessagePart, source: EmailSource, properties: readonly string[]): Promise<JsonObject> {
  const object = await bodyPart(part, source, properties);
  if (!isMultipart(part)) return object;
  const subParts: JsonObject[] = [];
  for (const child of part.children) subParts.push(await bodyStructure(child, source, properties));
  return { ...object, subParts };
}

function blobIdOf(part: MessagePart, source: EmailSource): string | null {
  const partNumber = partIdOf(part);
  return partNumber === null ? null : formatBlobId({ kind: 'part', partNumber, container: source.blob });
}

async function readProperty(name: string, reading: PartReading): Promise<unknown> {
  const property = PROPERTIES[name];
  if (property) return property(reading);
  const headerProperty = parseHeaderProperty(name);
  return headerProperty && headerValue(await reading.headers(), headerProperty);
}

async function loadHeaders(part: MessagePart, source: EmailSource): Promise<readonly HeaderField[]> {
  if (part === source.rootPart) return source.headers;
  return parseHeaderBlock(await source.load(part.headerOffset, part.bodyOffset - part.headerOffset));
}

/** Language tags of Content-Language, RFC 3282 §2. */
function languagesOf(headers: readonly HeaderField[]): string[] | null {
  const field = findField(headers, 'Content-Language');
  if (!field) return null;
  return decodeHeaderText(field.text).replaceAll(/\([^()]*\)/g, '').split(',').map((tag) => tag.trim()).filter((tag) => tag !== '');
}

/**
 * Octets of the decoded body. A large base64 body may be at the provider; its size is told from its length, its lines and
 * its last octets, which is exact for well-formed base64. Where not even those are here the padding stays uncounted.
 */
async function decodedSize(part: MessagePart, source: EmailSource): Promise<number> {
  const { bodyOffset, bodyBytes, transferEncoding } = part;
  if (transferEncoding !== 'base64' && transferEncoding !== 'quoted-printable') return bodyBytes;
  try {
    if (transferEncoding === 'base64' && bodyBytes > BLOB_THRESHOLD_BYTES) {
      return base64Size(part, await source.load(bodyOffset + bodyBytes - 4, 4));
    }
    return decodeTransferEncoding(await source.load(bodyOffset, bodyBytes), transferEncoding).length;
  } catch (error) {
    if (!(error instanceof MailStoreError) || error.code !== 'contentUnavailable') throw error;
    return transferEncoding === 'base64' ? base64Size(part, new Uint8Array()) : bodyBytes;
  }
}

function base64Size({ bodyBytes, bodyLines }: MessagePart, lastOctets: Uint8Array): number {
  const lastText = Buffer.from(lastOctets).toString('latin1');
  const isLastLineEnded = lastText.endsWith('\n');
  const lineEndBytes = 2 * (isLastLineEnded ? bodyLines : bodyLines - 1);
  const padding = lastText.split('=').length - 1;
  return Math.max(0, Math.floor(((bodyBytes - lineEndBytes) * 3) / 4) - padding);
}

function onDemand<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | null = null;
  return () => (loading ??= load());
}
