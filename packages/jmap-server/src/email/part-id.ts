// Part ids, RFC 8621 §4.1.4: the part numbers of IMAP (RFC 9051 §6.4.5).

import { isMultipart, walkParts } from '@paloma/mail-format';
import type { MessagePart } from '@paloma/shared-model';

/** The only part of a message has no number of its own; IMAP calls it 1. Null for a multipart. */
export function partIdOf(part: MessagePart): string | null {
  return isMultipart(part) ? null : part.partNumber || '1';
}

/** The part of that id, parts of attached messages included. */
export function partWithId(rootPart: MessagePart, partId: string): MessagePart | null {
  for (const part of walkParts(rootPart)) if (partIdOf(part) === partId) return part;
  return null;
}
