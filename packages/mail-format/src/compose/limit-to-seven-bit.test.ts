import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { decodePartBody } from '../body/decode-part.js';
import { encodeUtf8, equalOctets } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';
import { walkParts } from '../structure/part-tree.js';
import { limitToSevenBit } from './limit-to-seven-bit.js';

const limited = (text: string): string => Buffer.from(limitToSevenBit(encodeUtf8(text))).toString();

describe('a message brought to 7bit', () => {
  test.each([
    ['text becomes quoted-printable', 'A: b\r\nContent-Transfer-Encoding: 8bit\r\nC: d\r\n\r\nGrüße\r\n', 'A: b\r\nContent-Transfer-Encoding: quoted-printable\r\nC: d\r\n\r\nGr=C3=BC=C3=9Fe\r\n'],
    ['a field that lacks is added', 'Content-Type: text/html\r\n\r\nü', 'Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC'],
    ['anything else becomes base64', 'Content-Type: image/x\r\n\r\nü', 'Content-Type: image/x\r\nContent-Transfer-Encoding: base64\r\n\r\nw7w=\r\n'],
    ['7bit stays', 'A: b\r\n\r\nplain=20\r\n', 'A: b\r\n\r\nplain=20\r\n'],
    ['what is encoded stays', 'Content-Transfer-Encoding: base64\r\n\r\nü', 'Content-Transfer-Encoding: base64\r\n\r\nü'],
    ['a multipart says what its parts are now',
      'Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--b\r\nX: y\r\n\r\nü\r\n--b\r\n\r\nz\r\n--b--',
      'Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\n--b\r\nX: y\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC\r\n--b\r\n\r\nz\r\n--b--'],
    ['what is signed stays', 'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nX: y\r\n\r\nü\r\n--b--', 'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nX: y\r\n\r\nü\r\n--b--'],
    ['a message without a header stays', '\u00fc', '\u00fc'],
  ])('%s', (_name, before, after) => {
    expect(limited(before)).toBe(after);
  });

  test('a line that no relay takes is cut softly', () => {
    expect(limited(`A: b\r\n\r\n${'x'.repeat(2000)}\r\n`)).toContain('=\r\n');
  });
});

const body = fc.array(fc.constantFrom('plain', 'ü', '=', ' ', '\t', '\r\n', '\0', 'From ', '.', 'x'.repeat(1200)), { maxLength: 12 }).map((pieces) => pieces.join(''));
const part = fc.tuple(fc.constantFrom('text/plain', 'text/html', 'application/x', 'message/rfc822\r\nX: y'), fc.constantFrom('', 'Content-Transfer-Encoding: 8bit\r\n', 'Content-Transfer-Encoding: binary\r\n'), body)
  .map(([type, encoding, text]) => `Content-Type: ${type}\r\n${encoding}\r\n${type.startsWith('message') ? 'Subject: x\r\n\r\n' : ''}${text}`);
const message = fc.array(part, { maxLength: 4 }).map((parts) => encodeUtf8(`Content-Type: multipart/mixed; boundary=bOuNd\r\n\r\n${parts.map((each) => `--bOuNd\r\n${each}\r\n`).join('')}--bOuNd--\r\n`));

property('bodies mean the same, and all octets are 7bit', message, (octets) => {
  const after = limitToSevenBit(octets);
  const bodies = (of: Uint8Array): string[] => [...walkParts(parseMessage(of).rootPart)].filter(({ children }) => children.length === 0).map((leaf) => Buffer.from(decodePartBody(of, leaf)).toString('latin1').replace(/\s+$/, ''));
  expect(after.every((octet) => octet < 0x80 && octet !== 0)).toBe(true);
  expect(bodies(after)).toEqual(bodies(octets));
  expect(equalOctets(limitToSevenBit(after), after)).toBe(true);
}, { numRuns: 300 });
