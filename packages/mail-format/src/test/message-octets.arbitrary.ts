// Messages for property tests: well-formed ones, ones put together from the pieces that parsers trip over, and noise.

import { fc } from '@paloma/test-kit';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';

const PIECES = [
  'Subject: hello', 'Content-Type: multipart/mixed; boundary=b', 'Content-Type: multipart/alternative; boundary="c d"', 'Content-Type: message/rfc822',
  'Content-Type: multipart/digest; boundary=b', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '--b', '--b--', '--c d', '--c d--', '--b  ',
  '--', '', ' folded', '\tfolded', 'no colon', 'From alice Mon Jan 1', ': no name', 'X:', 'Zm9vYmFy', '\0', '\r', '=3D=', 'Content-Type: multipart/mixed',
];

const piece = fc.oneof(
  fc.constantFrom(...PIECES).map(encodeUtf8),
  fc.uint8Array({ maxLength: 40 }),
);
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\n', '\r', '').map(encodeUtf8);
const pieced = fc.array(fc.tuple(piece, lineEnd), { maxLength: 60 }).map((lines) => concatOctets(lines.flat()));

const wellFormed = fc.letrec<{ entity: string }>((tie) => ({
  entity: fc.oneof(
    { maxDepth: 5 },
    fc.string({ maxLength: 80 }).map((text) => `Content-Type: text/plain\r\n\r\n${text}`),
    fc.tuple(fc.array(tie('entity'), { minLength: 1, maxLength: 3 }), fc.nat(1e6)).map(([parts, salt]) => formatMixed(parts, `b${salt}`)),
    tie('entity').map((inner) => `Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n${inner}`),
  ),
})).entity.map((entity) => encodeUtf8(`From: a@b.example\r\nMIME-Version: 1.0\r\n${entity}`));

function formatMixed(parts: string[], boundary: string): string {
  const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\npreamble\r\n${body}--${boundary}--\r\n`;
}

export const anyMessageOctets = fc.oneof(pieced, wellFormed, fc.uint8Array({ maxLength: 400 }));
