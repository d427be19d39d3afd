// CBOR as this protocol uses it: deterministic when written (RFC 8949 §4.2), strict when read: no indefinite lengths,
// no tags, no undefined, no NaN, no duplicate keys. Keys out of order are accepted: the digest of a stream covers its octets.

import { decode, encode, rfc8949EncodeOptions, type DecodeOptions, type EncodeOptions } from 'cborg';
import type { z } from 'zod';
import { measureDataItem } from './stream/data-item-length.js';
import { ProtocolError } from './protocol-error.js';
import { PROTOCOL_VERSION } from './protocol-version.js';

/** Data items one body may hold; more than a full push answer needs. Bounds the work a hostile body can ask for. */
const MAX_BODY_DATA_ITEMS = 64 * 1024;

const DECODE_OPTIONS: DecodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
};

const ENCODE_OPTIONS: EncodeOptions = { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true };

/** Encodes one value; properties that are undefined are left out. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, ENCODE_OPTIONS);
}

/** Decodes exactly one data item whose extent is known. @throws {ProtocolError} "malformed" */
export function decodeDataItem(octets: Uint8Array): unknown {
  try {
    return decode(octets, DECODE_OPTIONS);
  } catch (cause) {
    throw new ProtocolError('malformed', 'not a CBOR data item of this protocol', { cause });
  }
}

/** @throws {ProtocolError} "malformed" when `value` breaks the schema */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ProtocolError('malformed', `field ${result.error.issues[0]?.path.join('.') ?? ''} breaks the schema`);
}

/** Of a message that names its version. @throws {ProtocolError} "unsupportedVersion" */
export function assertServedVersion(message: unknown): void {
  if (typeof message !== 'object' || message === null || !('v' in message) || message.v === PROTOCOL_VERSION) return;
  throw new ProtocolError('unsupportedVersion', 'the version is not served');
}

/**
 * Decodes a body of media type `application/cbor`. The caller has bounded its size.
 * @throws {ProtocolError} "malformed", "tooLarge", "truncated", "unsupportedVersion"
 */
export function decodeCbor<Schema extends z.ZodType>(schema: Schema, octets: Uint8Array): z.output<Schema> {
  const extent = measureDataItem(octets, MAX_BODY_DATA_ITEMS);
  if (!extent.isComplete) throw new ProtocolError('truncated', `body ends after ${octets.length} octets`);
  const message = decodeDataItem(octets);
  assertServedVersion(message);
  return parseAs(schema, message);
}
