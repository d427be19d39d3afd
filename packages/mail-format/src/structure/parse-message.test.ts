import { describe, expect, test } from '@jest/globals';
import type { MessagePart } from '@paloma/shared-model';
import { MAX_HEADER_BLOCK_BYTES, MAX_HEADER_FIELDS, MAX_NESTING, MAX_PARTS, MAX_PART_TREE_TEXT_CHARS } from '../limits.js';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';
import { parseMessage } from './parse-message.js';
import { findPart, partEnd, walkParts } from './part-tree.js';

const parseText = (text: string): ReturnType<typeof parseMessage> => parseMessage(encodeUtf8(text));
const bodyOf = (text: string, part: MessagePart | null): string => (part === null ? '' : text.slice(part.bodyOffset, partEnd(part)));
const outline = (part: MessagePart): string => part.mediaType + (part.children.length > 0 ? `(${part.children.map(outline).join(' ')})` : '');
const mixed = (boundary: string, ...parts: string[]): string =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;

describe('outline', () => {
  test.each([
    ['nothing at all', '', 'text/plain'],
    ['a header without a body', 'Subject: x\r\n', 'text/plain'],
    ['a body without a header', '\r\nhello', 'text/plain'],
    ['a multipart without its boundary parameter', 'Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx', 'text/plain'],
    ['a multipart whose boundary never comes', 'Content-Type: multipart/mixed; boundary=b\r\n\r\nx', 'text/plain'],
    ['a nonsense Content-Type', 'Content-Type: what/is/this\r\n\r\nx', 'text/plain'],
    ['inner boundary that begins like the outer', mixed('b', mixed('bb', '\r\nx'), '\r\ny'), 'multipart/mixed(multipart/mixed(text/plain) text/plain)'],
    ['inner multipart that is never closed', mixed('o', 'Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nx', '\r\ny'), 'multipart/mixed(multipart/mixed(text/plain) text/plain)'],
    ['a delimiter in a part header', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: y\r\n--b\r\n\r\nz\r\n--b--', 'multipart/mixed(text/plain text/plain)'],
    ['an embedded message that is encoded is not looked into', 'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQTogYg==', 'message/rfc822'],
    ['parts after the close delimiter are epilogue', `${mixed('b', '\r\nx')}--b\r\n\r\ny`, 'multipart/mixed(text/plain)'],
  ])('%s', (_name, text, expected) => {
    expect(outline(parseText(text).rootPart)).toBe(expected);
  });
});

describe('bodies', () => {
  const text = mixed('b', '\r\none\r\n', '\r\n', 'X: y\r\n\r\ntwo');
  const { rootPart } = parseText(text);

  test('the line end before a delimiter belongs to the delimiter', () => {
    expect(['1', '2', '3'].map((number) => bodyOf(text, findPart(rootPart, number)))).toEqual(['one\r\n', '', 'two']);
    expect(['1', '2', '3'].map((number) => findPart(rootPart, number)?.bodyLines)).toEqual([1, 0, 1]);
  });

  test.each([['', 0], ['a', 1], ['a\r\n', 1], ['a\nb', 2], ['\n\n', 2]])('body %j has %i lines', (body, lines) => {
    expect(parseText(`A: b\r\n\r\n${body}`).rootPart.bodyLines).toBe(lines);
  });

  test('a mailbox separator on top belongs to the header', () => {
    const { headers, headerEndOffset } = parseText('From a@b Mon Jan  1 00:00:00 2026\nSubject: x\n\nbody');
    expect(headers.map((field) => field.name)).toEqual(['Subject']);
    expect(headerEndOffset).toBe('From a@b Mon Jan  1 00:00:00 2026\nSubject: x\n\n'.length);
  });
});

test('numbers of embedded messages are those of IMAP', () => {
  const embedded = `Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n${mixed('i', '\r\nx', '\r\ny')}`;
  const { rootPart } = parseText(mixed('o', '\r\nz', embedded));
  expect([...walkParts(rootPart)].map((part) => part.partNumber)).toEqual(['', '1', '2', '2.1', '2.1.TEXT', '2.1.1', '2.1.2']);
});

describe('limits', () => {
  test('nesting', () => {
    const deep = Array.from({ length: 100 }, (_, level) => level).reduceRight((inner, level) => mixed(`b${level}`, inner), '\r\nx');
    const parts = [...walkParts(parseText(deep).rootPart)];
    expect(parts).toHaveLength(MAX_NESTING + 1);
    expect(parts.at(-1)?.mediaType).toBe('application/octet-stream');
  });

  test('parts', () => {
    const text = mixed('b', ...Array.from({ length: MAX_PARTS + 50 }, () => '\r\nx'));
    const { rootPart } = parseText(text);
    const last = rootPart.children.at(-1);
    expect([...walkParts(rootPart)]).toHaveLength(MAX_PARTS);
    expect(last?.mediaType).toBe('application/octet-stream');
    expect(last === undefined ? 0 : partEnd(last)).toBe(text.length);
  });

  test('header fields', () => {
    expect(parseText(`${'X: y\r\n'.repeat(MAX_HEADER_FIELDS + 5)}\r\nz`).headers).toHaveLength(MAX_HEADER_FIELDS);
  });

  test.each([['many fields', 'Header: value\r\n'], ['one endless line', 'x: y ']])('header block of %s', (_name, unit) => {
    const { rootPart, headerEndOffset } = parseText(unit.repeat(MAX_HEADER_BLOCK_BYTES / 4));
    expect(headerEndOffset).toBeLessThanOrEqual(MAX_HEADER_BLOCK_BYTES);
    expect(rootPart.mediaType).toBe('application/octet-stream');
  });

  test('text that the part tree carries', () => {
    const part = `Content-Type: a/b; name="${'n'.repeat(1000)}"\r\n\r\nx`;
    const { rootPart } = parseText(mixed('b', ...Array.from({ length: 500 }, () => part)));
    expect(JSON.stringify(rootPart).length).toBeLessThan(4 * MAX_PART_TREE_TEXT_CHARS);
    expect(rootPart.children).toHaveLength(500);
  });
});

// Each of these takes hours where a reader's time is quadratic, and milliseconds where it is linear.
describe('hostile megabytes are read in linear time', () => {
  const SIZE_BYTES = 4 * 1024 * 1024;
  const filled = (head: string, unit: string): Uint8Array => encodeUtf8(head + unit.repeat(SIZE_BYTES / unit.length));
  test.each([
    ['delimiters alone', filled('Content-Type: multipart/mixed; boundary=b\r\n\r\n', '--b\r\n')],
    ['almost delimiters', filled('Content-Type: multipart/mixed; boundary=b\r\n\r\n', '--b          x\r\n')],
    ['empty lines', filled('', '\n')],
    ['carriage returns', filled('A: b\r\n\r\n', '\r')],
    ['one field folded for ever', filled('Subject: x\r\n', ' \r\n')],
    ['nested multiparts', filled('', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n')],
    ['embedded messages', filled('', 'Content-Type: message/rfc822\r\n\r\n')],
    ['parameters', filled('Content-Type: a/b', '; a*0*="')],
    ['NULs', concatOctets([encodeUtf8('A: b\r\n\r\n'), new Uint8Array(SIZE_BYTES)])],
  ])('%s', (_name, octets) => {
    expect(partEnd(parseMessage(octets).rootPart)).toBe(octets.length);
  }, 10_000);
});
