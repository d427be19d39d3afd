// PostgreSQL's `bytea[]` in its binary format (array_recv in its sources): the driver sends a Buffer as it is, and would write an array of
// them as text with hexadecimal digits, twice as long.

const BYTEA_OID = 17;
const HEADER_OCTETS = 20;
const LENGTH_OCTETS = 4;
const NULL = -1;

/** The value of a parameter of type `bytea[]` with one dimension, counted from 1. */
export function octetsArray(values: readonly (Uint8Array | null)[]): Buffer {
  const array = Buffer.allocUnsafe(values.reduce((sum, value) => sum + LENGTH_OCTETS + (value?.length ?? 0), HEADER_OCTETS));
  const [dimensions, hasNulls, firstIndex] = [1, values.includes(null) ? 1 : 0, 1];
  let position = 0;
  for (const number of [dimensions, hasNulls, BYTEA_OID, values.length, firstIndex]) position = array.writeInt32BE(number, position);
  for (const value of values) {
    position = array.writeInt32BE(value?.length ?? NULL, position);
    if (value === null) continue;
    array.set(value, position);
    position += value.length;
  }
  return array;
}
