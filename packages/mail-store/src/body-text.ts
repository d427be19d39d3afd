// The text of a message's bodies as searches see it. IMAP's BODY looks into every text part (RFC 9051 §6.4.4), so the
// text in attachments and embedded messages is here too, HTML read as text.

import { decodePartText, htmlToText, isLeaf, walkParts, withoutLegacyDisplay } from '@paloma/mail-format';
import type { MessagePart } from '@paloma/shared-model';
import { foldText } from './folded-text.js';

/** Text of one message that is searched and indexed; a log file of megabytes would make an index of tens of megabytes. */
export const MAX_SEARCHED_BODY_CHARS = 128 * 1024;
/** Decoded octets of one part that are looked at; HTML carries several octets of markup for each of text. */
const MAX_PART_TEXT_BYTES = 1024 * 1024;

/** Body octets of a part as they stand in the message; `null` when they are not on this device. */
export type PartBodySource = (part: MessagePart) => Uint8Array | null;

/** Folded text of all text parts, in order, cut at MAX_SEARCHED_BODY_CHARS. */
export function foldedBodyText(rootPart: MessagePart, bodyOf: PartBodySource): string {
  let text = '';
  for (const part of walkParts(rootPart)) {
    if (text.length >= MAX_SEARCHED_BODY_CHARS) break;
    const body = isLeaf(part) && part.mediaType.startsWith('text/') ? bodyOf(part) : null;
    if (body) text += `${partText(body, part, rootPart)}\n`;
  }
  return foldText(text.slice(0, MAX_SEARCHED_BODY_CHARS));
}

function partText(body: Uint8Array, part: MessagePart, rootPart: MessagePart): string {
  const text = withoutLegacyDisplay(decodePartText(body, { ...part, bodyOffset: 0, bodyBytes: body.length }, MAX_PART_TEXT_BYTES), part, rootPart);
  return part.mediaType === 'text/html' ? htmlToText(text, MAX_SEARCHED_BODY_CHARS) : text.slice(0, MAX_SEARCHED_BODY_CHARS);
}
