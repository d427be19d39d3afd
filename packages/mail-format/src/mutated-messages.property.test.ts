// Fuzzing: well-formed mails and mails that were broken before, broken once more. Whatever comes out is a message: what was
// split joins to the same octets, parts lie within their parents, and nothing that reads it throws. A message that ever broke
// a reader is kept in __mutated__ and broken again in every run.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { MessagePart } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { concatOctets, encodeUtf8, equalOctets } from './octets/octets.js';
import {
  applyProtectedHeaders, decodeHeaderText, decodePartText, flattenAddresses, htmlToText, imapBodyStructure, imapEnvelope, isPgpMimeSigned, joinMessage, parseAddressList,
  parseHeaderDate, parseMessage, parseMessageIdList, parseParameterizedValue, partEnd, previewText, protectHeaders, readDeliveryStatusNotification, removeBcc, signedOctets, splitMessage, walkParts,
} from './index.js';

interface NamedOctets {
  name: string;
  octets: Uint8Array;
}

const corpus = (directory: string): NamedOctets[] => {
  const url = new URL(`./${directory}/`, import.meta.url);
  return readdirSync(url).filter((name) => name.endsWith('.eml')).map((name) => ({ name, octets: new Uint8Array(readFileSync(new URL(name, url))) }));
};

const MUTATED = corpus('__mutated__');
const SEEDS = [...corpus('__golden__'), ...MUTATED];

/** What readers trip over. */
const TOKENS = [
  '\r\n', '\n', '\r', '\0', '\r\n\r\n', ' ', '\t', '"', '\\', '(', ')', ';', ':', ',', '<', '>', '=', '--', '--\r\n', '=?utf-8?q?=0D?=', '=?', '?=', "*0*=utf-8''%", 'boundary=', 'charset=utf-16',
  'Content-Type: multipart/mixed; boundary=b\r\n', 'Content-Type: message/rfc822\r\n', 'Content-Transfer-Encoding: base64\r\n', '\xff\xfe',
].map(encodeUtf8);

type Mutation = (octets: Uint8Array) => Uint8Array;

const share = fc.integer({ min: 0, max: 10_000 });
const at = (octets: Uint8Array, tenThousandths: number): number => Math.floor((octets.length * tenThousandths) / 10_000);
const spliced = (octets: Uint8Array, start: number, end: number, inserted: Uint8Array): Uint8Array => concatOctets([octets.subarray(0, start), inserted, octets.subarray(end)]);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(share, fc.constantFrom(...TOKENS)).map(([place, token]): Mutation => (octets) => spliced(octets, at(octets, place), at(octets, place), token)),
  fc.tuple(share, fc.nat(40)).map(([place, length]): Mutation => (octets) => spliced(octets, at(octets, place), at(octets, place) + length, new Uint8Array())),
  fc.tuple(share, fc.nat(255)).map(([place, octet]): Mutation => (octets) => spliced(octets, at(octets, place), at(octets, place) + 1, Uint8Array.of(octet))),
  fc.tuple(share, share, fc.nat(400)).map(([from, to, length]): Mutation => (octets) => spliced(octets, at(octets, to), at(octets, to), octets.slice(at(octets, from), at(octets, from) + length))),
  share.map((place): Mutation => (octets) => octets.subarray(0, at(octets, place))),
  fc.constantFrom(...SEEDS).map(({ octets: other }): Mutation => (octets) => spliced(octets, octets.length >> 1, octets.length, other)),
);

const mutated = fc.tuple(fc.constantFrom(...SEEDS), fc.array(mutation, { minLength: 1, maxLength: 8 }))
  .map(([{ octets }, mutations]) => mutations.reduce((broken, mutate) => mutate(broken), octets));

/** Where a delimiter cuts a header off, the empty body stands behind the line end that belongs to the delimiter. */
const isEmpty = ({ bodyBytes }: MessagePart): boolean => bodyBytes === 0;

function expectLaws(octets: Uint8Array): void {
  const { headerBlock, runs, rootPart } = splitMessage(octets, 40);
  expect(equalOctets(joinMessage(headerBlock, runs), octets)).toBe(true);
  expect(equalOctets(headerBlock, octets.subarray(0, headerBlock.length))).toBe(true);
  for (const part of walkParts(rootPart)) {
    for (const child of part.children) expect(part.bodyOffset <= child.headerOffset && (isEmpty(child) || partEnd(child) <= partEnd(part))).toBe(true);
  }
}

function readAll(octets: Uint8Array): void {
  const { headers, rootPart } = parseMessage(octets);
  for (const { text } of headers) {
    for (const read of [decodeHeaderText, parseHeaderDate, parseMessageIdList, parseParameterizedValue]) read(text);
    flattenAddresses(parseAddressList(text));
  }
  for (const part of walkParts(rootPart)) {
    htmlToText(decodePartText(octets, part));
    if (isPgpMimeSigned(part)) signedOctets(octets, part);
  }
  imapEnvelope(octets.subarray(0, rootPart.bodyOffset));
  imapBodyStructure(rootPart, octets);
  previewText(octets, rootPart, 100);
  readDeliveryStatusNotification(octets, rootPart);
  removeBcc(octets);
  applyProtectedHeaders(octets.subarray(0, rootPart.bodyOffset), protectHeaders(octets, { encrypt: true }).innerEntity);
}

describe('kept mutations', () => {
  test.each(MUTATED.map(({ name, octets }) => [name, octets] as const))('%s', (_name, octets) => {
    expectLaws(octets);
    readAll(octets);
  });
});

property('a mail broken anywhere splits and joins octet for octet, part within part', mutated, expectLaws, { numRuns: 1_000 });
property('a mail broken anywhere is read to its end', mutated, readAll, { numRuns: 1_000 });
