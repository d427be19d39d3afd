// ASCII armor, RFC 9580 §6.2, written here because the API is synchronous and the input bounded.
// A CRC-24 is written, which departs from RFC 9580 §6.1: GnuPG 2.2 (2.2.40 seen) takes the end line for data without one.
// It is not checked, as that section asks: integrity is the business of the packets.

import { crc24 } from './crc24.js';
import { CryptoError } from './crypto-error.js';

export type ArmorKind = 'message' | 'signature' | 'certificate' | 'secretKey';

const LABELS = {
  message: 'PGP MESSAGE',
  signature: 'PGP SIGNATURE',
  certificate: 'PGP PUBLIC KEY BLOCK',
  secretKey: 'PGP PRIVATE KEY BLOCK',
} satisfies Record<ArmorKind, string>;

/** Largest armored text read: a message of MAX_MESSAGE_BYTES grown by encryption and base64. Without it a part could take all memory. */
const MAX_ARMORED_CHARS = 100 * 1024 * 1024;
const LINE_CHARS = 64;
const ARMOR = /^-----BEGIN (PGP [A-Z ]{1,32})-----[ \t]*\r?\n((?:[!-9;-~]{1,64}:[^\n]{0,1000}\n){0,32})[ \t]*\r?\n/m;
const BASE64_LINES = /^[A-Za-z0-9+/]+={0,2}$/;

/** Wraps binary OpenPGP packets; lines end in LF, the caller that mails them makes that CRLF. */
export function armor(kind: ArmorKind, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').replace(new RegExp(`.{${LINE_CHARS}}(?=.)`, 'g'), '$&\n');
  const checksum = Buffer.from(crc24(bytes)).toString('base64');
  return `-----BEGIN ${LABELS[kind]}-----\n\n${lines}\n=${checksum}\n-----END ${LABELS[kind]}-----\n`;
}

/** The first armored block in the text; null when there is none, or one that is cut or damaged in form. */
export function dearmor(text: string): { kind: ArmorKind; bytes: Uint8Array } | null {
  if (text.length > MAX_ARMORED_CHARS) return null;
  const begin = ARMOR.exec(text);
  const kind = begin && kindOf(begin[1]!);
  if (!begin || !kind) return null;
  const bodyStart = begin.index + begin[0].length;
  const bodyEnd = text.indexOf(`-----END ${LABELS[kind]}-----`, bodyStart);
  const bytes = bodyEnd < 0 ? null : decodeBody(text.slice(bodyStart, bodyEnd));
  return bytes && { kind, bytes };
}

/** Binary form of packets that came binary or armored, as foreign material may; null when neither. The result may share memory with the input. */
export function toBinary(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length > MAX_ARMORED_CHARS) return null;
  // RFC 9580 §4.2: the first octet of a packet has bit 7 set, and armor is ASCII.
  if ((bytes[0] ?? 0) & 0x80) return bytes;
  return dearmor(Buffer.from(bytes).toString('latin1'))?.bytes ?? null;
}

/** @throws {CryptoError} "malformed": for material of our own, which must be readable */
export function mustBeBinary(bytes: Uint8Array): Uint8Array {
  const binary = toBinary(bytes);
  if (!binary) throw new CryptoError('malformed', 'neither binary nor armored packets');
  return binary;
}

function kindOf(label: string): ArmorKind | null {
  return (Object.keys(LABELS) as ArmorKind[]).find((kind) => LABELS[kind] === label) ?? null;
}

function decodeBody(body: string): Uint8Array | null {
  const withoutChecksum = body.replace(/\n=[A-Za-z0-9+/]{4}\s*$/, '');
  const base64 = withoutChecksum.replace(/\s+/g, '');
  if (!BASE64_LINES.test(base64) || base64.length % 4 !== 0) return null;
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
