// Netstrings, as socketmap_table(5) speaks in both directions: length in decimal, colon, octets, comma.

/** A table's name, a space and an address (RFC 5321 §4.5.3.1) fit many times; more is not a question for us. */
export const MAX_NETSTRING_BYTES = 1024;

const COLON = ':'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const MAX_PREFIX_BYTES = String(MAX_NETSTRING_BYTES).length + 1;
const LENGTH = /^(?:0|[1-9]\d*)$/;

export function formatNetstring(text: string): Buffer {
  const octets = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${octets.length}:`), octets, Buffer.from(',')]);
}

/** The octets of each netstring as soon as it is whole; ends with the stream, or at the first octet that belongs to none. */
export async function* parseNetstrings(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    for (let next = takeNetstring(rest); next !== 'incomplete'; next = takeNetstring(rest)) {
      if (next === 'malformed') return;
      yield next.octets;
      rest = next.rest;
    }
  }
}

function takeNetstring(octets: Buffer): { octets: Buffer; rest: Buffer } | 'incomplete' | 'malformed' {
  const colonAt = octets.subarray(0, MAX_PREFIX_BYTES).indexOf(COLON);
  const prefix = octets.toString('latin1', 0, colonAt < 0 ? Math.min(octets.length, MAX_PREFIX_BYTES) : colonAt);
  if (prefix === '' && colonAt < 0) return 'incomplete';
  if (!LENGTH.test(prefix) || Number(prefix) > MAX_NETSTRING_BYTES) return 'malformed';
  if (colonAt < 0) return octets.length < MAX_PREFIX_BYTES ? 'incomplete' : 'malformed';
  const endAt = colonAt + 1 + Number(prefix);
  if (octets.length <= endAt) return 'incomplete';
  return octets[endAt] === COMMA ? { octets: octets.subarray(colonAt + 1, endAt), rest: octets.subarray(endAt + 1) } : 'malformed';
}
