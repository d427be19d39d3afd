import { describe, expect, test } from '@jest/globals';
import { composeMessage } from '../compose/compose-message.js';
import { findField, parseHeaderBlock } from '../header/header-field.js';
import { encodeUtf8 } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';
import { applyProtectedHeaders, protectHeaders } from './header-protection.js';
import { encryptedOctets, formatPgpMimeEncrypted, isPgpMimeEncrypted } from './pgp-mime-encrypted.js';
import { formatPgpMimeSigned, isPgpMimeSigned, signedOctets } from './pgp-mime-signed.js';

const textOf = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString();
const boundary = (): string => '=_pgp';
const fieldText = (block: Uint8Array, name: string): string | null => findField(parseHeaderBlock(block), name)?.text ?? null;

const MESSAGE = composeMessage({
  from: [{ address: 'a@example.org' }], to: [{ address: 'b@example.net' }], bcc: [{ address: 'c@example.net' }], subject: 'Secret plans', date: 0, messageId: 'm@example.org', textBody: 'words\n',
}, boundary);

describe('signed', () => {
  const inner = encodeUtf8('Content-Type: text/plain\r\n\r\nwords\r\n');
  const message = formatPgpMimeSigned({ outerHeaders: encodeUtf8('From: a@b\r\n'), innerEntity: inner, armoredSignature: '-----BEGIN\nAA\n', micalg: 'pgp-sha512' }, boundary);

  test('what was signed is found again, octet for octet', () => {
    const { rootPart } = parseMessage(message);
    expect(isPgpMimeSigned(rootPart)).toBe(true);
    expect(rootPart.parameters).toMatchObject({ micalg: 'pgp-sha512', protocol: 'application/pgp-signature' });
    expect(textOf(signedOctets(message, rootPart)?.signed)).toBe(textOf(inner));
    expect(textOf(signedOctets(message, rootPart)?.signature)).toBe('-----BEGIN\r\nAA\r\n');
  });

  test('a copy with bare line feeds has the same signed octets', () => {
    const unix = encodeUtf8(textOf(message).replaceAll('\r\n', '\n'));
    expect(textOf(signedOctets(unix, parseMessage(unix).rootPart)?.signed)).toBe(textOf(inner));
  });

  test('a third part makes it no signed message', () => {
    const stuffed = encodeUtf8(textOf(message).replace('--=_pgp--', '--=_pgp\r\n\r\nmore\r\n--=_pgp--'));
    expect(signedOctets(stuffed, parseMessage(stuffed).rootPart)).toBeNull();
  });
});

test('encrypted: the armor is found again', () => {
  const message = formatPgpMimeEncrypted({ outerHeaders: encodeUtf8('From: a@b\r\n'), armoredMessage: '-----BEGIN PGP MESSAGE-----\nAA\n' }, boundary);
  const { rootPart } = parseMessage(message);
  expect(isPgpMimeEncrypted(rootPart)).toBe(true);
  expect(textOf(encryptedOctets(message, rootPart) ?? undefined)).toBe('-----BEGIN PGP MESSAGE-----\r\nAA\r\n');
  expect(fieldText(message, 'From')).toBe('a@b');
});

describe('header protection', () => {
  const encrypted = protectHeaders(MESSAGE, { encrypt: true });

  test('outside an encrypted message nobody reads the subject', () => {
    expect(textOf(encrypted.outerHeaders)).not.toContain('Secret');
    expect(fieldText(encrypted.outerHeaders, 'Subject')).toBe('[...]');
    expect(fieldText(encrypted.outerHeaders, 'To')).toBe('b@example.net');
    expect(textOf(encrypted.outerHeaders)).not.toMatch(/mime-version|content-/i);
  });

  test('inside it everything stands, with what the outside says', () => {
    const { headers, rootPart } = parseMessage(encrypted.innerEntity);
    expect(fieldText(encrypted.innerEntity, 'Subject')).toBe('Secret plans');
    expect(rootPart.parameters).toEqual({ charset: 'utf-8', hp: 'cipher' });
    const hpOuter = headers.filter((field) => field.name === 'HP-Outer').map((field) => field.text);
    expect(hpOuter).toContain('Subject: [...]');
    expect(hpOuter).toHaveLength(parseHeaderBlock(encrypted.outerHeaders).length);
  });

  test('Bcc is on neither side', () => {
    expect(textOf(encrypted.outerHeaders) + textOf(encrypted.innerEntity)).not.toContain('c@example.net');
  });

  test('a signed message keeps its subject outside', () => {
    const { outerHeaders, innerEntity } = protectHeaders(MESSAGE, { encrypt: false });
    expect(fieldText(outerHeaders, 'Subject')).toBe('Secret plans');
    expect(parseMessage(innerEntity).rootPart.parameters['hp']).toBe('clear');
    expect(textOf(innerEntity)).not.toContain('HP-Outer');
  });

  test('the reader sees protected fields, transport fields, and no field forged outside', () => {
    const forged = encodeUtf8(`Received: by x\r\n${textOf(encrypted.outerHeaders)}Reply-To: evil@example.net\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted\r\n\r\n`);
    const seen = applyProtectedHeaders(forged, encrypted.innerEntity);
    expect(fieldText(seen, 'Subject')).toBe('Secret plans');
    expect(fieldText(seen, 'Received')).toBe('by x');
    expect(fieldText(seen, 'Reply-To')).toBeNull();
    expect(fieldText(seen, 'HP-Outer')).toBeNull();
    expect(parseMessage(seen).rootPart.mediaType).toBe('text/plain');
    expect(textOf(seen).endsWith('\r\n\r\nwords\r\n')).toBe(true);
  });

  test('without protected headers the outer ones count, and inner ones do not', () => {
    const seen = applyProtectedHeaders(encodeUtf8('Subject: outer\r\nContent-Type: multipart/encrypted\r\n\r\n'), encodeUtf8('Subject: inner\r\nContent-Type: text/html\r\n\r\nx'));
    expect(textOf(seen)).toBe('Subject: outer\r\nContent-Type: text/html\r\n\r\nx');
  });

  test('the older form replaces the fields it has', () => {
    const seen = applyProtectedHeaders(encodeUtf8('Subject: ...\r\nTo: b@c\r\n\r\n'), encodeUtf8('Content-Type: text/plain; protected-headers="v1"\r\nSubject: inner\r\n\r\nx'));
    expect([fieldText(seen, 'Subject'), fieldText(seen, 'To')]).toEqual(['inner', 'b@c']);
  });
});
