import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import type { MessagePart } from '@paloma/shared-model';
import { concatOctets, encodeUtf8, equalOctets } from '../octets/octets.js';
import { anyMessageOctets } from '../test/message-octets.arbitrary.js';
import { parseMessage } from './parse-message.js';
import { isLeaf, partEnd, walkParts } from './part-tree.js';
import { joinMessage, MAX_INLINE_BYTES, splitMessage } from './split-message.js';

property('joining what was split gives the same octets', fc.tuple(anyMessageOctets, fc.nat(60)), ([octets, thresholdBytes]) => {
  const { headerBlock, runs } = splitMessage(octets, thresholdBytes);
  expect(equalOctets(joinMessage(headerBlock, runs), octets)).toBe(true);
  expect(runs.every((run) => run.octets.length > 0)).toBe(true);
}, { numRuns: 400 });

property('parts lie within their parents, one after another', anyMessageOctets, (octets) => {
  const { rootPart, headerEndOffset } = parseMessage(octets);
  expect(rootPart.headerOffset).toBe(0);
  expect(rootPart.bodyOffset).toBe(headerEndOffset);
  expect(partEnd(rootPart)).toBe(octets.length);
  for (const part of walkParts(rootPart)) expectOrder(part);
}, { numRuns: 400 });

property('every part number is there once', anyMessageOctets, (octets) => {
  const numbers = [...walkParts(parseMessage(octets).rootPart)].map((part) => part.partNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
});

function expectOrder(part: MessagePart): void {
  expect(part.bodyOffset).toBeGreaterThanOrEqual(part.headerOffset);
  expect(part.bodyBytes).toBeGreaterThanOrEqual(0);
  let at = part.bodyOffset;
  for (const child of part.children) {
    expect(child.headerOffset).toBeGreaterThanOrEqual(at);
    at = partEnd(child);
  }
  expect(at).toBeLessThanOrEqual(isLeaf(part) ? at : partEnd(part));
}

describe('runs', () => {
  const small = 'x'.repeat(10);
  const large = 'y'.repeat(100);
  const message = encodeUtf8(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${small}\r\n--b\r\n\r\n${large}\r\n--b--\r\n`);

  test('a leaf body above the threshold is a blob of exactly its octets', () => {
    const blobs = splitMessage(message, 50).runs.filter((run) => run.kind === 'blob');
    expect(blobs.map((run) => Buffer.from(run.octets).toString())).toEqual([large]);
  });

  test('a body at the threshold stays inline', () => {
    expect(splitMessage(message, 100).runs.map((run) => run.kind)).toEqual(['inline']);
  });

  test('inline octets never exceed what one document takes', () => {
    const part = encodeUtf8(`--b\r\n\r\n${'z'.repeat(30_000)}\r\n`);
    const big = concatOctets([encodeUtf8('Content-Type: multipart/mixed; boundary=b\r\n\r\n'), ...Array.from({ length: 60 }, () => part)]);
    const { headerBlock, runs } = splitMessage(big, 32_768);
    const inlineBytes = runs.filter((run) => run.kind === 'inline').reduce((sum, run) => sum + run.octets.length, 0);
    expect(inlineBytes).toBeLessThanOrEqual(MAX_INLINE_BYTES);
    expect(equalOctets(joinMessage(headerBlock, runs), big)).toBe(true);
  });
});
