// Hand-made messages and what we read in them. UPDATE_GOLDEN=1 writes the readings anew; look at the difference before
// committing. A second parser judges what both can say.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type { MessagePart } from '@paloma/shared-model';
import {
  decodeHeaderText, decodePartBody, decodePartText, findField, flattenAddresses, hasAttachment, imapBodyStructure, imapEnvelope, joinMessage,
  parseAddressList, parseHeaderDate, parseMessage, parseMessageIdList, previewText, selectBodyParts, splitMessage, type ParsedMessage,
} from './index.js';

const DIRECTORY = fileURLToPath(new URL('./__golden__/', import.meta.url));
const names = readdirSync(DIRECTORY).filter((file) => file.endsWith('.eml')).map((file) => file.slice(0, -'.eml'.length));

/** Where the other parser is known to say less: it looks into digests, leaves raw Latin-1 undecoded, lists PGP parts. */
const NOT_JUDGED = new Set(['digest', 'raw-eight-bit', 'pgp-encrypted']);

const load = (name: string): Uint8Array => new Uint8Array(readFileSync(`${DIRECTORY}${name}.eml`));
const headerText = (message: ParsedMessage, name: string): string => findField(message.headers, name)?.text ?? '';

describe.each(names)('%s', (name) => {
  const octets = load(name);
  const message = parseMessage(octets);

  test('is read as recorded', () => {
    const reading = `${JSON.stringify(describeMessage(octets, message), null, 1)}\n`;
    const path = `${DIRECTORY}${name}.json`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, reading);
    expect(reading).toBe(readFileSync(path, 'utf8'));
  });

  test('splits and joins octet for octet', () => {
    const { headerBlock, runs } = splitMessage(octets, 8);
    expect(Buffer.compare(joinMessage(headerBlock, runs), octets)).toBe(0);
  });

});

test.each(names.filter((name) => !NOT_JUDGED.has(name)))('%s means the same to another parser', async (name) => {
  const octets = load(name);
  const message = parseMessage(octets);
  const foreign = await simpleParser(Buffer.from(octets), { skipImageLinks: true });
  expect(decodeHeaderText(headerText(message, 'Subject'))).toBe(foreign.subject ?? '');
  for (const field of ['from', 'to', 'cc'] as const) expect(ourAddresses(message, field)).toEqual(foreignAddresses(foreign, field));
  expect(parseHeaderDate(headerText(message, 'Date'))?.epochMs ?? null).toBe(foreign.date?.getTime() ?? null);
  expect(ourFiles(octets, message)).toEqual(foreign.attachments.map(({ filename = null, content }) => [filename, content.toString('hex')]));
});

function describeMessage(octets: Uint8Array, message: ParsedMessage): object {
  const { textBody, htmlBody, attachments } = selectBodyParts(message.rootPart);
  const numbers = (parts: MessagePart[]): string[] => parts.map((part) => part.partNumber);
  return {
    subject: decodeHeaderText(headerText(message, 'Subject')),
    references: parseMessageIdList(headerText(message, 'References')),
    preview: previewText(octets, message.rootPart, 256),
    text: textBody.map((part) => decodePartText(octets, part)),
    textBody: numbers(textBody),
    htmlBody: numbers(htmlBody),
    attachments: numbers(attachments),
    hasAttachment: hasAttachment(message.rootPart),
    rootPart: message.rootPart,
    imapEnvelope: imapEnvelope(octets),
    imapBodyStructure: imapBodyStructure(message.rootPart, octets),
  };
}

type AddressPair = readonly [name: string, address: string];

function ourAddresses(message: ParsedMessage, field: string): AddressPair[] {
  return flattenAddresses(parseAddressList(headerText(message, field))).map(({ name, address }) => [name ?? '', address]);
}

function foreignAddresses(foreign: ParsedMail, field: 'from' | 'to' | 'cc'): AddressPair[] {
  const value: AddressObject | AddressObject[] | undefined = foreign[field];
  const objects = value === undefined ? [] : [value].flat();
  return objects.flatMap((object) => object.value).flatMap((entry) => entry.group ?? [entry]).map(({ name, address }) => [name, address ?? '']);
}

/** What the other parser calls attachments: every leaf that is no body text. It does not look into embedded messages. */
function ourFiles(octets: Uint8Array, message: ParsedMessage): (readonly [string | null, string])[] {
  const { attachments } = selectBodyParts(message.rootPart);
  return attachments.map((part) => [part.filename, Buffer.from(decodePartBody(octets, part)).toString('hex')] as const);
}
