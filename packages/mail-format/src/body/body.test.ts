import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { decodeBase64, encodeBase64, encodeBase64Lines } from '../octets/base64.js';
import { canonicalizeLineEnds, encodeUtf8, equalOctets } from '../octets/octets.js';
import { decodeQuotedPrintable, encodeQuotedPrintable } from '../octets/quoted-printable.js';
import { parseMessage } from '../structure/parse-message.js';
import { decodePartText } from './decode-part.js';
import { htmlToText } from './html-to-text.js';
import { previewText } from './preview-text.js';
import { hasAttachment, selectBodyParts } from './select-body-parts.js';

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
const parts = (...types: string[]): string => types.map((type) => `--b\r\nContent-Type: ${type}\r\n\r\nx\r\n`).join('');
const multipart = (subtype: string, content: string): Uint8Array => encodeUtf8(`Content-Type: multipart/${subtype}; boundary=b\r\n\r\n${content}--b--\r\n`);

property('base64 agrees with another encoder and is read back', fc.uint8Array({ maxLength: 300 }), (octets) => {
  expect(encodeBase64(octets)).toBe(Buffer.from(octets).toString('base64'));
  expect(equalOctets(decodeBase64(encodeUtf8(encodeBase64Lines(octets))), octets)).toBe(true);
});

property('quoted-printable is read back, in lines of at most 76', fc.uint8Array({ maxLength: 400 }), (octets) => {
  const canonical = canonicalizeLineEnds(octets);
  const encoded = encodeQuotedPrintable(canonical);
  expect(encoded.split('\r\n').every((line) => line.length <= 76 && !/[ \t]$|^\.|^From /.test(line))).toBe(true);
  expect(equalOctets(decodeQuotedPrintable(encodeUtf8(encoded)), canonical)).toBe(true);
});

describe('tolerant decoding', () => {
  test.each([
    ['base64 with noise', decodeBase64, 'Zm 9v!\r\nYmE=', 'fooba'],
    ['base64 padded in the middle', decodeBase64, 'Zg==Zm8=', 'ffo'],
    ['base64 cut off', decodeBase64, 'Zm9vY', 'foo'],
    ['a lone equals sign', decodeQuotedPrintable, 'a=b=4', 'a=b=4'],
    ['lower-case hex', decodeQuotedPrintable, '=e4', '\xe4'],
    ['trailing space after a soft break', decodeQuotedPrintable, 'a= \t\r\nb', 'ab'],
    ['trailing space added on the way', decodeQuotedPrintable, 'a  \r\nb', 'a\r\nb'],
    ['bare line feeds', decodeQuotedPrintable, 'a=\nb\nc', 'ab\nc'],
  ])('%s', (_name, decode, encoded, decoded) => {
    expect(latin1(decode(encodeUtf8(encoded)))).toBe(decoded);
  });

  test('text is cut at the limit', () => {
    const octets = encodeUtf8(`Content-Type: text/plain; charset=utf-8\r\n\r\n${'x'.repeat(100)}`);
    expect(decodePartText(octets, parseMessage(octets).rootPart, 10)).toBe('x'.repeat(10));
  });
});

describe('HTML as text', () => {
  test.each([
    ['tags and blocks', '<p>a</p><p>b<br>c', 'a\n\nb\nc'],
    ['what is not shown', 'a<script>x<b</script>b<style>p{}</style>c<!-- d > -->e', 'a b ce'],
    ['entities', '&lt;b&gt; &#8364; &#x20AC; &nope; &amp;lt;', '<b> € € &nope; &lt;'],
    ['a less-than sign', '1 < 2', '1 < 2'],
    ['letters that grow in lower case', 'İİİİ<STYLE>p{}</STYLE>x', 'İİİİ x'],
    ['an unclosed tag', 'a<b href="', 'a'],
  ])('%s', (_name, html, text) => {
    expect(htmlToText(html).trim()).toBe(text);
  });

  test.each(['<', '<!--', '<script>', '</', '&#', '&amp', '<a '])('megabytes of %j end soon', (unit) => {
    expect(htmlToText(unit.repeat(500_000)).length).toBeLessThan(3_000_000);
  }, 10_000);
});

describe('preview', () => {
  test.each([
    ['plain before HTML', multipart('alternative', parts('text/plain', 'text/html')), 'x'],
    ['HTML where there is no plain text', encodeUtf8('Content-Type: text/html\r\n\r\n<b>Hi</b>\u200b   there'), 'Hi there'],
    ['nothing of an encrypted message', multipart('encrypted', parts('application/pgp-encrypted', 'application/octet-stream')), ''],
    ['no half characters', encodeUtf8(`\r\n${'a'.repeat(7)}😀😀`), 'aaaaaaa'],
  ])('%s', (_name, octets, preview) => {
    expect(previewText(octets, parseMessage(octets).rootPart, 8)).toBe(preview);
  });
});

// The structure of RFC 8621 §4.1.4: the first letter is the RFC's name of the part.
test('body parts of the example of RFC 8621', () => {
  const leaf = (name: string, type: string, disposition = ''): string => `Content-Type: ${type}\r\nContent-ID: <${name}@x>\r\n${disposition}\r\n`;
  const multi = (subtype: string, boundary: string, content: string[]): string =>
    `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${content.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
  const inline = 'Content-Disposition: inline\r\n';
  const octets = encodeUtf8(multi('mixed', 'm1', [
    leaf('A', 'text/plain', inline),
    multi('mixed', 'm2', [
      multi('alternative', 'a', [
        multi('mixed', 'm3', [leaf('B', 'text/plain', inline), leaf('C', 'image/jpeg', inline), leaf('D', 'text/plain', inline)]),
        multi('related', 'r', [leaf('E', 'text/html'), leaf('F', 'image/jpeg')]),
      ]),
      leaf('G', 'image/jpeg', 'Content-Disposition: attachment\r\n'),
      leaf('H', 'application/x-excel'),
      leaf('J', 'message/rfc822'),
    ]),
    leaf('K', 'text/plain', inline),
  ]));
  const { textBody, htmlBody, attachments } = selectBodyParts(parseMessage(octets).rootPart);
  const letters = (list: typeof textBody): string => list.map((part) => part.contentId?.charAt(0)).join('');
  expect([letters(textBody), letters(htmlBody), letters(attachments)]).toEqual(['ABCDK', 'AEK', 'CFGHJ']);
});

test.each([
  ['a PDF', multipart('mixed', parts('text/plain', 'application/pdf')), true],
  ['a signature', multipart('signed', parts('text/plain', 'application/pgp-signature')), false],
  ['text alone', encodeUtf8('\r\nx'), false],
])('%s: has an attachment %#', (_name, octets, expected) => {
  expect(hasAttachment(parseMessage(octets).rootPart)).toBe(expected);
});
