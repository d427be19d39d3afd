// Finds where a CBOR data item ends without decoding it, so that a stream can be cut into records as its octets arrive.
// Only heads are looked at, strings are jumped over: measuring again after each chunk costs next to nothing.

import { ProtocolError } from '../protocol-error.js';

/** Extent of a data item. While it is not complete, `bytes` is the least that must be there to learn more. */
export interface DataItemExtent {
  isComplete: boolean;
  bytes: number;
}

interface Head {
  majorType: number;
  argument: number;
  headBytes: number;
}

/**
 * Measures the data item at the start of `octets`.
 * @throws {ProtocolError} "malformed" for forms this protocol does not use, "tooLarge" above `maxDataItems`
 */
export function measureDataItem(octets: Uint8Array, maxDataItems: number): DataItemExtent {
  let position = 0;
  let pending = 1;
  for (let seen = 0; pending > 0; seen++) {
    if (seen + pending > maxDataItems) throw new ProtocolError('tooLarge', `record of more than ${maxDataItems} data items`);
    const head = readHead(octets, position);
    if (head === null) return { isComplete: false, bytes: position + neededForHead(octets, position) };
    position += head.headBytes + stringBytes(head);
    pending += children(head) - 1;
  }
  return { isComplete: position <= octets.length, bytes: position };
}

// RFC 8949 §3: three bits of major type, five of additional information; 24 to 27 announce 1, 2, 4 or 8 octets of argument.
function readHead(octets: Uint8Array, position: number): Head | null {
  const initial = octets[position];
  if (initial === undefined) return null;
  const majorType = initial >> 5;
  const information = initial & 31;
  if (majorType === 6 || information > 27) throw new ProtocolError('malformed', 'tag or indefinite length');
  if (information < 24) return { majorType, argument: information, headBytes: 1 };
  const headBytes = 1 + 2 ** (information - 24);
  if (position + headBytes > octets.length) return null;
  return { majorType, argument: readUnsigned(octets, position + 1, position + headBytes), headBytes };
}

function neededForHead(octets: Uint8Array, position: number): number {
  const information = (octets[position] ?? 0) & 31;
  return information < 24 ? 1 : 1 + 2 ** (information - 24);
}

/** Above 2^53 the number is inexact, which does not matter: it is over every limit. */
function readUnsigned(octets: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index++) value = value * 256 + (octets[index] ?? 0);
  return value;
}

function stringBytes({ majorType, argument }: Head): number {
  return majorType === 2 || majorType === 3 ? argument : 0;
}

function children({ majorType, argument }: Head): number {
  if (majorType === 4) return argument;
  return majorType === 5 ? argument * 2 : 0;
}
