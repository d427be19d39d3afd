// Transfer encodings undone piece by piece (RFC 2045 §6), so that no part stands in memory as a whole. Each piece is cut
// where nothing before it has a say in what comes after; what is left over waits for the next.

import { decodeTransferEncoding } from '@paloma/mail-format';

const UNENCODED: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary']);
const LF = 0x0a;
const EQUALS = 0x3d;

/** Whether octets under this encoding stand for themselves. */
export function isUnencoded(transferEncoding: string): boolean {
  return UNENCODED.has(transferEncoding);
}

/** Whether the encoding can be undone. */
export function isKnownEncoding(transferEncoding: string): boolean {
  return isUnencoded(transferEncoding) || Object.hasOwn(CUT_BY_ENCODING, transferEncoding);
}

/** `transferEncoding` is one of those that change octets. */
export async function* decodePieces(pieces: AsyncIterable<Uint8Array>, transferEncoding: string): AsyncGenerator<Uint8Array> {
  const cut = CUT_BY_ENCODING[transferEncoding]!;
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    const encoded = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const [whole, left] = cut(encoded);
    rest = left;
    if (whole.length > 0) yield decodeTransferEncoding(whole, transferEncoding);
  }
  if (rest.length > 0) yield decodeTransferEncoding(rest, transferEncoding);
}

type Cut = (encoded: Uint8Array) => [whole: Uint8Array, rest: Uint8Array];

const CUT_BY_ENCODING: Record<string, Cut> = { base64: cutBase64, 'quoted-printable': cutQuotedPrintable };

/** Behind the last group of four; of what is left only the letters count. Padding ends a group early. */
function cutBase64(encoded: Uint8Array): [Uint8Array, Uint8Array] {
  let letters = 0;
  let end = 0;
  for (let at = 0; at < encoded.length; at++) {
    const octet = encoded[at]!;
    if (octet === EQUALS) letters = 0;
    else if (isBase64Letter(octet)) letters = (letters + 1) % 4;
    if (letters === 0) end = at + 1;
  }
  return [encoded.subarray(0, end), encoded.subarray(end).filter(isBase64Letter)];
}

function isBase64Letter(octet: number): boolean {
  return (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x30 && octet <= 0x39) || octet === 0x2b || octet === 0x2f;
}

/** Longer lines than any program writes (RFC 2045 §6.7 allows 76 characters) are cut within. */
const LONG_LINE_BYTES = 64 * 1024;

/** Behind the last line end. */
function cutQuotedPrintable(encoded: Uint8Array): [Uint8Array, Uint8Array] {
  let end = encoded.lastIndexOf(LF) + 1;
  if (encoded.length - end > LONG_LINE_BYTES) {
    // Not before a space, which means nothing at a line end, and not within `=XX`.
    for (let at = encoded.length; at > end; at--) if (isPlain(encoded[at - 1]!) && encoded[at - 2] !== EQUALS) end = at;
  }
  return [encoded.subarray(0, end), encoded.subarray(end)];
}

function isPlain(octet: number): boolean {
  return octet > 0x20 && octet !== EQUALS;
}
