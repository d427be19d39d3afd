// multipart/encrypted of PGP/MIME, RFC 3156 §4.

import type { MessagePart } from '@paloma/shared-model';
import { decodePartBody } from '../body/decode-part.js';
import { formatMultipart, type BoundaryGenerator } from '../compose/mime-entity.js';
import { formatParameter } from '../header/format-parameter.js';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';

export function isPgpMimeEncrypted(part: MessagePart): boolean {
  const [control, data] = part.children;
  return part.mediaType === 'multipart/encrypted' && part.children.length === 2
    && control?.mediaType === 'application/pgp-encrypted' && data?.mediaType === 'application/octet-stream';
}

/** The OpenPGP message, armored as a rule; `null` when the part is not PGP/MIME encrypted. */
export function encryptedOctets(octets: Uint8Array, part: MessagePart): Uint8Array | null {
  const data = part.children[1];
  return isPgpMimeEncrypted(part) && data !== undefined ? decodePartBody(octets, data) : null;
}

export interface PgpMimeEncryptedInput {
  /** Header fields with their line ends, without MIME-Version, Content-* and the empty line. */
  outerHeaders: Uint8Array;
  armoredMessage: string;
}

export function formatPgpMimeEncrypted(input: PgpMimeEncryptedInput, newBoundary: BoundaryGenerator): Uint8Array {
  const control = encodeUtf8('Content-Type: application/pgp-encrypted\r\nContent-Description: PGP/MIME version identification\r\n\r\nVersion: 1\r\n');
  const armor = input.armoredMessage.replace(/\r?\n/g, '\r\n');
  const data = encodeUtf8(`Content-Type: application/octet-stream; name="encrypted.asc"\r\nContent-Disposition: inline; filename="encrypted.asc"\r\n\r\n${armor}`);
  const entity = formatMultipart('encrypted', [control, data], newBoundary, formatParameter('protocol', 'application/pgp-encrypted'));
  return concatOctets([input.outerHeaders, encodeUtf8(`MIME-Version: 1.0\r\n${entity.headerFields}\r\n`), entity.body]);
}
