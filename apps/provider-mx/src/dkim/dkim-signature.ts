// A DKIM signature, RFC 6376. Ours rather than a library's, because every field that we sign is signed once more than it occurs
// (§8.15): nobody can put a second From, Subject or Autocrypt field on top and keep the signature valid.
// Canonical forms: "relaxed" for the header (§3.4.2), "simple" for the body (§3.4.3), which is then hashed as it lies in memory.

import { createHash, sign } from 'node:crypto';
import { fieldsNamed, foldHeader, parseHeaderBlock, type HeaderField } from '@paloma/mail-format';
import type { DkimKey } from './dkim-key.js';

/** RFC 6376 §5.4.1, and what our own readers go by: Autocrypt, and the fields that carry OpenPGP in MIME. */
const SIGNED_FIELDS = [
  'From', 'Sender', 'Reply-To', 'To', 'Cc', 'Date', 'Subject', 'Message-ID', 'In-Reply-To', 'References', 'Autocrypt',
  'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'Content-Disposition', 'List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post',
  'TLS-Report-Domain', 'TLS-Report-Submitter',   // RFC 8460 §5.3
];
const CRLF = '\r\n';

export interface SigningDomain {
  domain: string;
  /** Time of the signature, epoch ms. */
  nowMs: number;
}

/** One DKIM-Signature field with its line end for each key, ready to stand on top of the message. */
export function dkimSignatures(message: Uint8Array, keys: readonly DkimKey[], { domain, nowMs }: SigningDomain): string {
  const { header, body } = cutAtBody(message);
  const fields = parseHeaderBlock(header, Number.POSITIVE_INFINITY);
  const names = SIGNED_FIELDS.flatMap((name) => [...fieldsNamed(fields, name), name].map(() => name));
  const signed = SIGNED_FIELDS.flatMap((name) => fieldsNamed(fields, name).toReversed().map((field) => relaxed(name, latin1(field)))).join('');
  const bodyHash = hashBody(body);
  return keys.map((key) => {
    const tags = `v=1; a=${key.algorithm}; c=relaxed/simple; d=${domain}; s=${key.selector}; t=${Math.floor(nowMs / 1000)}; h=${names.join(': ')}; bh=${bodyHash}; b=`;
    const signature = signHeader(key, Buffer.from(signed + relaxed('DKIM-Signature', tags).slice(0, -CRLF.length), 'latin1'));
    return foldHeader('DKIM-Signature', `${tags}${signature.toString('base64').replace(/.{70}(?=.)/g, '$& ')}`);
  }).join('');
}

/** RFC 6376 §3.3: RSA signs the hash by PKCS #1; RFC 8463 §3: Ed25519 signs the octets of the SHA-256 hash. */
function signHeader({ algorithm, privateKey }: DkimKey, octets: Buffer): Buffer {
  return algorithm === 'rsa-sha256' ? sign('sha256', octets, privateKey) : sign(null, createHash('sha256').update(octets).digest(), privateKey);
}

/** Header block with its last line end, and body in "simple" form but for the one line end that `hashBody` adds. */
function cutAtBody(message: Uint8Array): { header: Buffer; body: Buffer } {
  const octets = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const emptyLine = octets.indexOf(CRLF + CRLF);
  if (emptyLine < 0) return { header: octets, body: Buffer.alloc(0) };
  return { header: octets.subarray(0, emptyLine + CRLF.length), body: withoutEmptyEnd(octets.subarray(emptyLine + 2 * CRLF.length)) };
}

/** RFC 6376 §3.4.3: all line ends at the end of the body become one. */
function withoutEmptyEnd(body: Buffer): Buffer {
  let end = body.length;
  while (end >= CRLF.length && body.toString('latin1', end - CRLF.length, end) === CRLF) end -= CRLF.length;
  return body.subarray(0, end);
}

function hashBody(body: Buffer): string {
  return createHash('sha256').update(body).update(CRLF).digest('base64');
}

function latin1({ value }: HeaderField): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
}

/** RFC 6376 §3.4.2: unfolded, runs of white space as one space, none at the ends. */
function relaxed(name: string, value: string): string {
  return `${name.toLowerCase()}:${value.replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')}${CRLF}`;
}
