// multipart/signed of PGP/MIME, RFC 3156 §5.

import type { MessagePart } from '@paloma/shared-model';
import { decodePartBody } from '../body/decode-part.js';
import { formatMultipart, type BoundaryGenerator } from '../compose/mime-entity.js';
import { formatParameter } from '../header/format-parameter.js';
import { canonicalizeLineEnds, concatOctets, encodeUtf8 } from '../octets/octets.js';
import { partEnd } from '../structure/part-tree.js';

export function isPgpMimeSigned(part: MessagePart): boolean {
  const signature = part.children[1];
  return part.mediaType === 'multipart/signed' && part.children.length === 2 && signature?.mediaType === 'application/pgp-signature';
}

export interface SignedOctets {
  /** The signed part, header and body, with CRLF line ends and without the line end before the boundary. */
  signed: Uint8Array;
  /** The detached signature, armored as a rule. */
  signature: Uint8Array;
}

/** What was signed and the signature over it; `null` when the part is not PGP/MIME signed. */
export function signedOctets(octets: Uint8Array, part: MessagePart): SignedOctets | null {
  const [content, signature] = part.children;
  if (!isPgpMimeSigned(part) || content === undefined || signature === undefined) return null;
  const signed = canonicalizeLineEnds(octets.subarray(content.headerOffset, partEnd(content)));
  return { signed, signature: decodePartBody(octets, signature) };
}

export interface PgpMimeSignedInput {
  /** Header fields with their line ends, without MIME-Version, Content-* and the empty line. */
  outerHeaders: Uint8Array;
  /** The entity exactly as it was signed, CRLF line ends. */
  innerEntity: Uint8Array;
  armoredSignature: string;
  /** Hash of the signature, `pgp-sha256` and its like (RFC 3156 §5). */
  micalg: string;
}

export function formatPgpMimeSigned(input: PgpMimeSignedInput, newBoundary: BoundaryGenerator): Uint8Array {
  const armor = input.armoredSignature.replace(/\r?\n/g, '\r\n');
  const signature = encodeUtf8(`Content-Type: application/pgp-signature; name="signature.asc"\r\nContent-Description: OpenPGP digital signature\r\n\r\n${armor}`);
  const parameters = formatParameter('protocol', 'application/pgp-signature') + formatParameter('micalg', input.micalg);
  const entity = formatMultipart('signed', [input.innerEntity, signature], newBoundary, parameters);
  return concatOctets([input.outerHeaders, encodeUtf8(`MIME-Version: 1.0\r\n${entity.headerFields}\r\n`), entity.body]);
}
