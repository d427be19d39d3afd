// A message brought to 7bit without a change of what it says: RFC 3156 §3 signs nothing else, for a relay that takes no 8BITMIME
// would have to encode it anew, and the signature would hold no more. Parts that are 7bit already keep their octets, and so
// does whatever is signed within.

import type { MessagePart } from '@paloma/shared-model';
import { isNamed, parseHeaderBlock } from '../header/header-field.js';
import { encodeBase64Lines } from '../octets/base64.js';
import { concatOctets, encodeUtf8, LF } from '../octets/octets.js';
import { encodeQuotedPrintable } from '../octets/quoted-printable.js';
import { parseMessage } from '../structure/parse-message.js';
import { isEmbeddedMessage, isLeaf, isMultipart, partEnd } from '../structure/part-tree.js';

/** RFC 2045 §2.7: octets of a line, without its end. */
const MAX_LINE_BYTES = 998;
const UNENCODED = new Set(['7bit', '8bit', 'binary']);
const ENCODING_FIELD = 'Content-Transfer-Encoding';

/** Octets that take the place of those from `offset` on. */
interface Replacement {
  offset: number;
  sizeBytes: number;
  octets: Uint8Array;
}

/** Header fields keep what they have: a mail program that sends them raw means RFC 6532. */
export function limitToSevenBit(message: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const { offset, sizeBytes, octets } of replacementsIn(message, parseMessage(message).rootPart)) {
    chunks.push(message.subarray(at, offset), octets);
    at = offset + sizeBytes;
  }
  return at === 0 ? message : concatOctets([...chunks, message.subarray(at)]);
}

/** In the order of the message. */
function replacementsIn(message: Uint8Array, part: MessagePart): Replacement[] {
  if (part.mediaType === 'multipart/signed' || !UNENCODED.has(part.transferEncoding)) return [];
  if (isLeaf(part)) return isSevenBit(message.subarray(part.bodyOffset, partEnd(part))) ? [] : encodedLeaf(message, part);
  const within = part.children.flatMap((child) => replacementsIn(message, child));
  const isRelabelled = part.transferEncoding !== '7bit' && (isMultipart(part) || isEmbeddedMessage(part));
  return isRelabelled ? [encodingField(message, part, '7bit'), ...within] : within;
}

/** A part without a header, or a message that was not looked into (RFC 2046 §5.2.1), has no way to say how it is encoded. */
function encodedLeaf(message: Uint8Array, part: MessagePart): Replacement[] {
  if (part.bodyOffset === part.headerOffset || part.mediaType.startsWith('message/')) return [];
  const body = message.subarray(part.bodyOffset, partEnd(part));
  const isText = part.mediaType.startsWith('text/');
  const octets = encodeUtf8(isText ? encodeQuotedPrintable(body) : encodeBase64Lines(body));
  return [encodingField(message, part, isText ? 'quoted-printable' : 'base64'), { offset: part.bodyOffset, sizeBytes: part.bodyBytes, octets }];
}

/** In place of the field that is there, else behind the last one. */
function encodingField(message: Uint8Array, { headerOffset, bodyOffset }: MessagePart, encoding: string): Replacement {
  const fields = parseHeaderBlock(message.subarray(headerOffset, bodyOffset));
  const known = fields.find((field) => isNamed(field, ENCODING_FIELD));
  const last = fields.at(-1);
  const octets = encodeUtf8(`${ENCODING_FIELD}: ${encoding}\r\n`);
  if (known) return { offset: headerOffset + known.offset, sizeBytes: known.sizeBytes, octets };
  return { offset: headerOffset + (last ? last.offset + last.sizeBytes : 0), sizeBytes: 0, octets };
}

function isSevenBit(octets: Uint8Array): boolean {
  let column = 0;
  for (const octet of octets) {
    column = octet === LF ? 0 : column + 1;
    if (octet === 0 || octet > 0x7f || column > MAX_LINE_BYTES + 1) return false;
  }
  return true;
}
