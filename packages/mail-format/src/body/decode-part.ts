// Bodies of leaf parts: transfer encoding (RFC 2045 §6) and charset. What is mislabelled is given as it stands.

import type { MessagePart } from '@paloma/shared-model';
import { MAX_TEXT_BYTES } from '../limits.js';
import { decodeBase64 } from '../octets/base64.js';
import { decodeCharset } from '../octets/charset.js';
import { decodeQuotedPrintable } from '../octets/quoted-printable.js';
import { partEnd } from '../structure/part-tree.js';

/** The body with its transfer encoding undone. For 7bit, 8bit, binary and unknown encodings a view of `octets`. */
export function decodePartBody(octets: Uint8Array, part: MessagePart): Uint8Array {
  return decodeTransferEncoding(octets.subarray(part.bodyOffset, partEnd(part)), part.transferEncoding);
}

export function decodeTransferEncoding(body: Uint8Array, transferEncoding: string): Uint8Array {
  if (transferEncoding === 'base64') return decodeBase64(body);
  if (transferEncoding === 'quoted-printable') return decodeQuotedPrintable(body);
  return body;
}

/** Text of a part in its charset. At most `maxBytes` decoded octets are looked at; the rest of a longer body is left out. */
export function decodePartText(octets: Uint8Array, part: MessagePart, maxBytes = MAX_TEXT_BYTES): string {
  // No encoding needs more than three octets for one, beside line ends (quoted-printable `=XX`).
  const end = Math.min(partEnd(part), part.bodyOffset + maxBytes * 4);
  const decoded = decodeTransferEncoding(octets.subarray(part.bodyOffset, end), part.transferEncoding);
  return decodeCharset(decoded.subarray(0, maxBytes), part.parameters['charset'] ?? '');
}
