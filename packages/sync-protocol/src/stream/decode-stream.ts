// Reads one stream as its octets arrive. Nothing is trusted before it was checked: each item against its schema when it is
// complete, the whole against count and digest at the end. What was complete has been handed out before an error is thrown.

import { createHash, type Hash } from 'node:crypto';
import { assertServedVersion, decodeDataItem, parseAs } from '../cbor.js';
import { ProtocolError } from '../protocol-error.js';
import { RecordReader, type RecordLimits } from './record-reader.js';
import { endRecord, type HeaderOf, type ItemOf, type StreamKind } from './stream-kind.js';

export interface StreamLimits extends RecordLimits {
  /** Most items a header may announce. */
  records: number;
}

export interface DecodedStream<Kind extends StreamKind> {
  /** Settles as soon as the header has arrived, whether or not `items` is read. */
  header: Promise<HeaderOf<Kind>>;
  /** To be read once. Ends normally only after the end record was checked. */
  items: AsyncIterable<ItemOf<Kind>>;
}

/**
 * @throws {ProtocolError} from `header` and from `items`: "truncated" (no end record), "badCount", "badDigest",
 * "malformed", "tooLarge", "unsupportedVersion"
 */
export function decodeStream<Kind extends StreamKind>(source: AsyncIterable<Uint8Array>, kind: Kind, limits: StreamLimits): DecodedStream<Kind> {
  const records = new RecordReader(source, limits);
  const hash = createHash('sha256');
  const header = readHeader(records, hash, kind, limits);
  header.catch(() => records.close());   // whoever reads `items` alone meets the same error there
  return { header, items: readItems(records, hash, kind, header) };
}

async function readHeader<Kind extends StreamKind>(records: RecordReader, hash: Hash, kind: Kind, limits: StreamLimits): Promise<HeaderOf<Kind>> {
  const octets = await nextRecord(records);
  hash.update(octets);
  const record = decodeDataItem(octets);
  assertServedVersion(record);
  const header = parseAs(kind.header, record);
  if (header.count > limits.records) throw new ProtocolError('tooLarge', `stream of ${header.count} items over limit ${limits.records}`);
  return header as HeaderOf<Kind>;
}

async function* readItems<Kind extends StreamKind>(records: RecordReader, hash: Hash, kind: Kind, header: Promise<{ count: number }>): AsyncGenerator<ItemOf<Kind>> {
  try {
    const { count } = await header;
    for (let index = 0; index < count; index++) yield await readItem(records, hash, kind, index);
    await readEnd(records, hash, count);
  } finally {
    await records.close();
  }
}

async function readItem<Kind extends StreamKind>(records: RecordReader, hash: Hash, kind: Kind, index: number): Promise<ItemOf<Kind>> {
  const octets = await nextRecord(records);
  const record = decodeDataItem(octets);
  if (isEnd(record)) throw new ProtocolError('badCount', `stream ended after ${index} items`);
  hash.update(octets);
  return parseAs(kind.item, record) as ItemOf<Kind>;
}

async function readEnd(records: RecordReader, hash: Hash, count: number): Promise<void> {
  const record = decodeDataItem(await nextRecord(records));
  if (!isEnd(record)) throw new ProtocolError('badCount', `stream has more than the ${count} items announced`);
  const end = parseAs(endRecord, record);
  if (end.count !== count) throw new ProtocolError('badCount', `end record counts ${end.count} items, header ${count}`);
  if (!hash.digest().equals(end.digest)) throw new ProtocolError('badDigest', 'digest of the stream does not match');
  if ((await records.next()) !== null) throw new ProtocolError('malformed', 'octets after the end record');
}

async function nextRecord(records: RecordReader): Promise<Uint8Array> {
  const octets = await records.next();
  if (octets === null) throw new ProtocolError('truncated', 'stream ended without its end record');
  return octets;
}

function isEnd(record: unknown): boolean {
  return typeof record === 'object' && record !== null && 'end' in record && record.end === true;
}
