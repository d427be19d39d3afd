// `canon(…)` of docs/protocol/envelope.md §1: no two different field lists have the same octets, so nothing that is
// authenticated or derived from can be read in two ways.

export type CanonicalField = string | number | Uint8Array;

const NUMBER_OCTETS = 8;
const LENGTH_OCTETS = 4;

/** Text is UTF-8, numbers (safe non-negative integers) are 8 octets big-endian; each field after its 4-octet length. */
export function canon(...fields: readonly CanonicalField[]): Uint8Array {
  return Buffer.concat(canonPieces(...fields));
}

/** The same octets in pieces, for hashing large fields without a copy. */
export function canonPieces(...fields: readonly CanonicalField[]): Uint8Array[] {
  return fields.flatMap(piecesOf);
}

/** A first sync makes tens of thousands of these: one buffer for a short field and its length, from Node's pool. */
function piecesOf(field: CanonicalField): Uint8Array[] {
  if (typeof field === 'string') return [prefixedText(field)];
  if (typeof field === 'number') return [prefixedNumber(field)];
  return [lengthPrefix(field.length), field];
}

function prefixedText(text: string): Buffer {
  const octets = Buffer.allocUnsafe(LENGTH_OCTETS + Buffer.byteLength(text));
  octets.writeUInt32BE(octets.length - LENGTH_OCTETS);
  octets.write(text, LENGTH_OCTETS);
  return octets;
}

function prefixedNumber(number: number): Buffer {
  const octets = Buffer.allocUnsafe(LENGTH_OCTETS + NUMBER_OCTETS);
  octets.writeUInt32BE(NUMBER_OCTETS);
  octets.writeBigUInt64BE(BigInt(number), LENGTH_OCTETS);
  return octets;
}

function lengthPrefix(length: number): Buffer {
  const octets = Buffer.allocUnsafe(LENGTH_OCTETS);
  octets.writeUInt32BE(length);
  return octets;
}
