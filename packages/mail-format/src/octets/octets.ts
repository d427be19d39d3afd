// Octet strings. Uint8Array throughout, so that the package runs in a browser as it does on a server.

export const CR = 0x0d;
export const LF = 0x0a;
export const SPACE = 0x20;
export const TAB = 0x09;

const CRLF = Uint8Array.of(CR, LF);
const utf8Encoder = new TextEncoder();

export function encodeUtf8(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

export function concatOctets(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** Offset of `pattern` in `octets`, or -1. Goes by the first octet, so `pattern` should begin with a rare one. */
export function indexOfOctets(octets: Uint8Array, pattern: Uint8Array, from = 0): number {
  const first = pattern[0] ?? 0;
  for (let at = octets.indexOf(first, from); at >= 0; at = octets.indexOf(first, at + 1)) {
    if (startsWithOctets(octets, pattern, at)) return at;
  }
  return -1;
}

export function startsWithOctets(octets: Uint8Array, pattern: Uint8Array, at = 0): boolean {
  if (at + pattern.length > octets.length) return false;
  for (let index = 0; index < pattern.length; index++) {
    if (octets[at + index] !== pattern[index]) return false;
  }
  return true;
}

export function equalOctets(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && startsWithOctets(left, right);
}

/** Every line end made CRLF: the canonical form that signatures are made over, RFC 3156 §5. Bare CR stays. */
export function canonicalizeLineEnds(octets: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
    if (octets[at - 1] === CR) continue;
    chunks.push(octets.subarray(start, at), CRLF);
    start = at + 1;
  }
  chunks.push(octets.subarray(start));
  return concatOctets(chunks);
}
