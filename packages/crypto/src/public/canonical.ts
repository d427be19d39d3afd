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
  return fields.map(octetsOf).flatMap((octets) => [lengthPrefix(octets.length), octets]);
}

function octetsOf(field: CanonicalField): Uint8Array {
  if (typeof field === 'string') return Buffer.from(field, 'utf8');
  if (typeof field !== 'number') return field;
  const octets = Buffer.alloc(NUMBER_OCTETS);
  octets.writeBigUInt64BE(BigInt(field));
  return octets;
}

function lengthPrefix(length: number): Uint8Array {
  const octets = Buffer.alloc(LENGTH_OCTETS);
  octets.writeUInt32BE(length);
  return octets;
}
