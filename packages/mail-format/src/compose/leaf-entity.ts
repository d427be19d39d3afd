// Text and attachments as MIME parts. Whatever leaves is 7bit: signatures of PGP/MIME need it (RFC 3156 §3), and no
// relay then has a reason to touch it.

import { MailFormatError } from '../mail-format-error.js';
import { foldHeader } from '../header/fold-header.js';
import { formatParameter } from '../header/format-parameter.js';
import { encodeBase64Lines } from '../octets/base64.js';
import { canonicalizeLineEnds, encodeUtf8 } from '../octets/octets.js';
import { encodeQuotedPrintable } from '../octets/quoted-printable.js';
import type { MimeEntity } from './mime-entity.js';

export interface AttachmentInput {
  octets: Uint8Array;
  /** `type/subtype`, without parameters. */
  mediaType: string;
  filename: string | null;
  disposition: 'attachment' | 'inline';
  /** Without angle brackets; HTML refers to it as `cid:`. */
  contentId: string | null;
}

/** A text part in UTF-8; line ends become CRLF. */
export function textEntity(subtype: 'plain' | 'html', text: string): MimeEntity {
  const octets = canonicalizeLineEnds(encodeUtf8(text));
  const isSafe = isSevenBitSafe(text);
  const headerFields = `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ${isSafe ? '7bit' : 'quoted-printable'}\r\n`;
  return { headerFields, body: isSafe ? octets : encodeUtf8(encodeQuotedPrintable(octets)) };
}

/** @throws {MailFormatError} "invalidMediaType" */
export function attachmentEntity(attachment: AttachmentInput): MimeEntity {
  const isMessage = attachment.mediaType.toLowerCase() === 'message/rfc822';
  // RFC 2046 §5.2.1 forbids base64 for message/rfc822; what cannot stand as it is goes as a file.
  const isPlainMessage = isMessage && isSevenBitMessage(attachment.octets);
  const mediaType = isMessage && !isPlainMessage ? 'application/octet-stream' : attachment.mediaType.toLowerCase();
  const encoding = isPlainMessage ? '7bit' : 'base64';
  const body = isPlainMessage ? canonicalizeLineEnds(attachment.octets) : encodeUtf8(encodeBase64Lines(attachment.octets));
  return { headerFields: attachmentFields(attachment, mediaType, encoding), body };
}

function attachmentFields(attachment: AttachmentInput, mediaType: string, encoding: string): string {
  if (!/^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,127}$/.test(mediaType)) throw new MailFormatError('invalidMediaType', 'not a media type');
  const filename = attachment.filename ?? '';
  const nameParameter = (name: string): string => (filename === '' ? '' : formatParameter(name, filename));
  const contentId = attachment.contentId === null ? '' : foldHeader('Content-ID', `<${attachment.contentId.replace(/[<>\s]/g, '')}>`);
  return `Content-Type: ${mediaType}${nameParameter('name')}\r\nContent-Transfer-Encoding: ${encoding}\r\n`
    + `Content-Disposition: ${attachment.disposition}${nameParameter('filename')}\r\n${contentId}`;
}

/** ASCII text that survives every relay as it is: short lines, no space at their ends, none that begins with "From " or a dot. */
function isSevenBitSafe(text: string): boolean {
  return /^[\x20-\x7e\t\r\n]*$/.test(text) && text.split(/\r?\n/).every((line) => line.length <= 78 && !/[ \t\r]$|\r|^From |^\./.test(line));
}

function isSevenBitMessage(octets: Uint8Array): boolean {
  let column = 0;
  for (const octet of octets) {
    column = octet === 0x0a ? 0 : column + 1;
    if (octet === 0 || octet > 0x7f || column > 998) return false;
  }
  return true;
}
