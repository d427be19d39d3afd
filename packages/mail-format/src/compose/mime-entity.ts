import { MailFormatError } from '../mail-format-error.js';
import { canonicalizeLineEnds, concatOctets, encodeUtf8, indexOfOctets } from '../octets/octets.js';
import { encodeQuotedPrintable } from '../octets/quoted-printable.js';

/** Gives a new boundary on each call: 1 to 70 characters of RFC 2046 §5.1.1, hard to guess in production. */
export type BoundaryGenerator = () => string;

/** A MIME part ready to be written: its Content-* header fields, folded and with their line ends, and its body. */
export interface MimeEntity {
  headerFields: string;
  body: Uint8Array;
}

const BOUNDARY_ATTEMPTS = 8;

export function formatEntity(entity: MimeEntity): Uint8Array {
  return concatOctets([encodeUtf8(`${entity.headerFields}\r\n`), entity.body]);
}

/**
 * Parts under one multipart. `typeParameters`: further parameters, as `formatParameter` gives them.
 * @throws {MailFormatError} "boundaryExhausted" when the generator gives only boundaries that stand in the parts
 */
export function formatMultipart(subtype: string, parts: readonly Uint8Array[], newBoundary: BoundaryGenerator, typeParameters = ''): MimeEntity {
  const boundary = freeBoundary(parts, newBoundary);
  const chunks = parts.flatMap((part) => [encodeUtf8(`--${boundary}\r\n`), part, encodeUtf8('\r\n')]);
  const headerFields = `Content-Type: multipart/${subtype}${typeParameters};\r\n boundary="${boundary}"\r\n`;
  return { headerFields, body: concatOctets([...chunks, encodeUtf8(`--${boundary}--\r\n`)]) };
}

/** Text of our own, as one part of a multipart. */
export function formatTextPart(subtype: string, text: string): Uint8Array {
  const body = encodeQuotedPrintable(canonicalizeLineEnds(encodeUtf8(text)));
  return encodeUtf8(`Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${body}`);
}

function freeBoundary(parts: readonly Uint8Array[], newBoundary: BoundaryGenerator): string {
  for (let attempt = 0; attempt < BOUNDARY_ATTEMPTS; attempt++) {
    const boundary = newBoundary();
    const mark = encodeUtf8(`--${boundary}`);
    if (/^[\w'()+,./:=?-]{1,70}$/.test(boundary) && parts.every((part) => indexOfOctets(part, mark) < 0)) return boundary;
  }
  throw new MailFormatError('boundaryExhausted', 'no boundary that is absent from the parts');
}
