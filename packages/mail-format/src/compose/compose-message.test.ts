import { describe, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { encodeUtf8 } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';
import type { MessagePart } from '@paloma/shared-model';
import { composeMessage, type ComposeInput } from './compose-message.js';

const counted = (): (() => string) => {
  let count = 0;
  return () => `=_paloma_${count++}`;
};
const outline = (part: MessagePart): string => part.mediaType + (part.children.length > 0 ? `(${part.children.map(outline).join(' ')})` : '');

const INPUT: ComposeInput = {
  from: [{ name: 'Jürgen Müller', address: 'j@example.org' }],
  to: [{ name: 'Public, John Q.', address: 'john@example.net' }, { address: 'bare@example.net' }],
  bcc: [{ address: 'hidden@example.net' }],
  subject: 'Grüße aus einer sehr langen Betreffzeile, die ganz gewiss mehr als eine Zeile braucht, nämlich drei',
  date: Date.UTC(2026, 2, 3, 8, 15, 2),
  messageId: 'one@example.org',
  inReplyTo: ['zero@example.net'],
  references: ['start@example.net', 'zero@example.net'],
};
const PNG = { octets: Uint8Array.of(137, 80, 78, 71), mediaType: 'image/png', filename: 'logo.png', disposition: 'inline', contentId: 'logo@x' } as const;
const FILE = { octets: encodeUtf8('%PDF'), mediaType: 'application/pdf', filename: 'Menü für die Woche vom 2. bis zum 8. März — endgültig.pdf', disposition: 'attachment', contentId: null } as const;

test('another parser reads what was composed', async () => {
  const textBody = 'Liebe Grüße\n\nFrom here on\n.dot\ntrailing \n' + 'long '.repeat(50);
  const octets = composeMessage({ ...INPUT, textBody, htmlBody: '<p>Liebe Grüße</p>', attachments: [PNG, FILE] }, counted());
  const foreign = await simpleParser(Buffer.from(octets), { skipImageLinks: true });
  expect(foreign.subject).toBe(INPUT.subject);
  expect(foreign.from?.value).toEqual([{ name: 'Jürgen Müller', address: 'j@example.org' }]);
  expect([foreign.to].flat()[0]?.value).toEqual([{ name: 'Public, John Q.', address: 'john@example.net' }, { name: '', address: 'bare@example.net' }]);
  expect(foreign.date?.getTime()).toBe(INPUT.date);
  expect(foreign.messageId).toBe('<one@example.org>');
  expect(foreign.references).toEqual(['<start@example.net>', '<zero@example.net>']);
  expect(foreign.text).toBe(textBody);
  expect(foreign.html).toBe('<p>Liebe Grüße</p>');
  expect(foreign.attachments.map(({ filename, contentType, content }) => [filename, contentType, [...content]])).toEqual([
    ['logo.png', 'image/png', [...PNG.octets]],
    [FILE.filename, 'application/pdf', [...FILE.octets]],
  ]);
});

test('the same input gives the same octets, all 7bit, in short lines', () => {
  const input = { ...INPUT, textBody: 'ü'.repeat(300), attachments: [FILE] };
  const octets = composeMessage(input, counted());
  expect(Buffer.compare(octets, composeMessage(input, counted()))).toBe(0);
  expect(octets.every((octet) => octet < 0x80)).toBe(true);
  expect(Buffer.from(octets).toString().split('\r\n').every((line) => line.length <= 100 && !line.includes('\n'))).toBe(true);
});

describe('structure', () => {
  test.each([
    ['nothing', {}, 'text/plain'],
    ['HTML alone', { htmlBody: 'h' }, 'text/html'],
    ['both forms', { textBody: 't', htmlBody: 'h' }, 'multipart/alternative(text/plain text/html)'],
    ['inline image of the HTML', { textBody: 't', htmlBody: 'h', attachments: [PNG] }, 'multipart/alternative(text/plain multipart/related(text/html image/png))'],
    ['inline image without HTML', { textBody: 't', attachments: [PNG] }, 'multipart/mixed(text/plain image/png)'],
    ['a 7bit message', { attachments: [{ ...FILE, mediaType: 'message/rfc822', octets: encodeUtf8('A: b\n\nc') }] }, 'multipart/mixed(text/plain message/rfc822(text/plain))'],
    ['an 8bit message', { attachments: [{ ...FILE, mediaType: 'message/rfc822', octets: encodeUtf8('A: ü\n\nc') }] }, 'multipart/mixed(text/plain application/octet-stream)'],
  ])('%s', (_name, bodies, expected) => {
    expect(outline(parseMessage(composeMessage({ ...INPUT, ...bodies }, counted())).rootPart)).toBe(expected);
  });

  test('a boundary that stands in a part is not used', () => {
    const octets = composeMessage({ ...INPUT, textBody: '--=_paloma_0', attachments: [FILE] }, counted());
    expect(parseMessage(octets).rootPart.parameters['boundary']).toBe('=_paloma_1');
    expect(() => composeMessage({ ...INPUT, textBody: '--same', attachments: [FILE] }, () => 'same')).toThrow('boundary');
  });

  test('no value can add a header field', () => {
    const evil = 'x\r\nBcc: evil@example.net';
    const octets = composeMessage({ ...INPUT, subject: evil, messageId: evil, from: [{ name: evil, address: 'a@b' }], userAgent: evil, attachments: [{ ...FILE, filename: evil }] }, counted());
    expect(Buffer.from(octets).toString()).not.toMatch(/^Bcc: evil/m);
  });
});
