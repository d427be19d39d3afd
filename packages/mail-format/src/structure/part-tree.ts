import type { MessagePart } from '@paloma/shared-model';

export function isMultipart(part: MessagePart): boolean {
  return part.mediaType.startsWith('multipart/');
}

/** A message inside the message that was looked into; its one child is that message's root. RFC 2046 §5.2.1, RFC 6532 §3.7. */
export function isEmbeddedMessage(part: MessagePart): boolean {
  return (part.mediaType === 'message/rfc822' || part.mediaType === 'message/global') && part.children.length === 1;
}

export function isLeaf(part: MessagePart): boolean {
  return part.children.length === 0;
}

/** All parts, each before its children. */
export function* walkParts(part: MessagePart): Generator<MessagePart> {
  yield part;
  for (const child of part.children) yield* walkParts(child);
}

/**
 * The part of an IMAP part number (RFC 9051 §6.4.5); '' is the root. `1` names the root too when it is not a multipart,
 * and so for the root of an embedded message.
 */
export function findPart(rootPart: MessagePart, partNumber: string): MessagePart | null {
  if (partNumber === '1' && !isMultipart(rootPart)) return rootPart;
  for (const part of walkParts(rootPart)) {
    if (part.partNumber === partNumber) return part;
  }
  return null;
}

/** End of the part: the octet after its body. */
export function partEnd(part: MessagePart): number {
  return part.bodyOffset + part.bodyBytes;
}
