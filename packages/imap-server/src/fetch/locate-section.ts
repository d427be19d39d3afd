// Where the octets of a BODY[…] section lie in the message. Sections are cut from the octets as they were received,
// never put together anew, so signatures over them still hold.

import type { MessagePart } from '@paloma/shared-model';
import type { EmailRecord } from '@paloma/mail-store/port';
import { isEmbeddedMessage, isMultipart, type FieldSelection } from '@paloma/mail-format';
import type { BodySection } from '../wire/body-section.js';

export interface OctetRange { offset: number; length: number }

/** A range of the message; with `fields`, of the header there only these fields (or all but these). */
export interface LocatedSection extends OctetRange {
  fields?: FieldSelection;
}

/** Null when the message has no such part. RFC 3501 §6.4.5. */
export function locateSection({ rootPart, sizeBytes }: Pick<EmailRecord, 'rootPart' | 'sizeBytes'>, { path, text }: BodySection): LocatedSection | null {
  const part = findPart(rootPart, path);
  if (!part) return null;
  if (text === null) return path.length === 0 ? { offset: 0, length: sizeBytes } : bodyOf(part);
  if (text.kind === 'MIME') return headerOf(part);
  // HEADER and TEXT below the top are those of the embedded message, not of the part that holds it.
  const message = path.length === 0 ? rootPart : embeddedMessage(part);
  if (!message) return null;
  if (text.kind === 'TEXT') return path.length === 0 ? { offset: message.bodyOffset, length: sizeBytes - message.bodyOffset } : bodyOf(message);
  return 'selection' in text ? { ...headerOf(message), fields: text.selection } : headerOf(message);
}

function bodyOf({ bodyOffset, bodyBytes }: MessagePart): OctetRange {
  return { offset: bodyOffset, length: bodyBytes };
}

function headerOf({ headerOffset, bodyOffset }: MessagePart): OctetRange {
  return { offset: headerOffset, length: bodyOffset - headerOffset };
}

/** Every message has a part 1: where it is no multipart, its own body. An embedded message is numbered like a message. */
export function findPart(rootPart: MessagePart, path: readonly number[]): MessagePart | null {
  let part: MessagePart | null = rootPart;
  for (const [depth, number] of path.entries()) {
    const container: MessagePart | null = depth === 0 ? part : (embeddedMessage(part) ?? (isMultipart(part) ? part : null));
    if (!container) return null;
    part = isMultipart(container) ? (container.children[number - 1] ?? null) : number === 1 ? container : null;
    if (!part) return null;
  }
  return part;
}

function embeddedMessage(part: MessagePart): MessagePart | null {
  return isEmbeddedMessage(part) ? (part.children[0] ?? null) : null;
}
