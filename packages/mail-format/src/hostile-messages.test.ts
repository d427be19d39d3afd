// Messages made to break their reader, through everything that is done with a message before a human sees it: nothing throws,
// nothing is lost, and four times the octets take four times the time.

import { describe, expect, test } from '@jest/globals';
import { HOSTILE_MESSAGES, processorMs } from '@paloma/test-kit';
import {
  addTraceHeader, decodeHeaderText, decodePartText, equalOctets, imapBodyStructure, imapEnvelope, joinMessage, MAX_HEADER_BLOCK_BYTES, parseMessage, parseMessageIdList, previewText, protectHeaders,
  readDeliveryStatusNotification, removeBcc, selectBodyParts, splitMessage, walkParts,
} from './index.js';

/** A hundred kilobytes, and four times as many: what grows with the square shows, and the machine's mood does not. */
const UNITS = 1_000;
const FACTOR = 4;
/** 4 is linear and 16 is square. Below the floor time is noise. */
const MAX_GROWTH = 8;
const FLOOR_MS = 50;
const MAX_ROUNDS = 15;

function readAll(octets: Uint8Array): void {
  const { rootPart, headers } = parseMessage(octets);
  for (const part of walkParts(rootPart)) if (part.children.length === 0) decodePartText(octets, part);
  for (const { text } of headers) {
    decodeHeaderText(text);
    parseMessageIdList(text);
  }
  selectBodyParts(rootPart);
  previewText(octets, rootPart, 256);
  readDeliveryStatusNotification(octets, rootPart);
  imapEnvelope(octets.subarray(0, rootPart.bodyOffset));
  imapBodyStructure(rootPart, octets);
  protectHeaders(octets, { encrypt: true });
  removeBcc(addTraceHeader(octets, [{ name: 'Received', value: 'by a.example' }]));
}

function timeMs(work: () => void): number {
  const startMs = processorMs();
  work();
  return processorMs() - startMs;
}

/** By the best times of so many rounds as it takes: compilers, collectors and other programs have their turn too, and only add. */
function isReadInLinearTime(build: (units: number) => Uint8Array): boolean {
  const [few, many] = [build(UNITS), build(FACTOR * UNITS)];
  let [fewMs, manyMs] = [Infinity, Infinity];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    fewMs = Math.min(fewMs, timeMs(() => readAll(few)));
    manyMs = Math.min(manyMs, timeMs(() => readAll(many)));
    if (manyMs < Math.max(FLOOR_MS, MAX_GROWTH * fewMs)) return true;
  }
  return false;
}

describe.each(HOSTILE_MESSAGES.map(({ name, build }) => [name, build] as const))('%s', (_name, build) => {
  test('splits and joins octet for octet', () => {
    const octets = build(UNITS);
    const { headerBlock, runs } = splitMessage(octets, 1_000);
    expect(equalOctets(joinMessage(headerBlock, runs), octets)).toBe(true);
  });

  test('is read in linear time', () => {
    expect(isReadInLinearTime(build)).toBe(true);
  }, 60_000);
});

test('a header of 100 MB is cut off where the limit is, and kept', () => {
  const octets = HOSTILE_MESSAGES.find(({ name }) => name === 'a header without end')!.build(1_000_000);
  const startMs = processorMs();
  const { headerBlock, rootPart, runs } = splitMessage(octets, 32_768);
  expect(processorMs() - startMs).toBeLessThan(5_000);
  expect(headerBlock.length).toBeLessThanOrEqual(MAX_HEADER_BLOCK_BYTES);
  expect(rootPart.mediaType).toBe('application/octet-stream');
  expect(equalOctets(joinMessage(headerBlock, runs), octets)).toBe(true);
}, 30_000);
