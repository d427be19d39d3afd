import { createHash } from 'node:crypto';
import { encodeCbor } from '../cbor.js';
import { ProtocolError } from '../protocol-error.js';
import { PROTOCOL_VERSION } from '../protocol-version.js';
import type { HeaderOf, ItemOf, StreamKind } from './stream-kind.js';

/** Records are handed on in chunks of about this size, so that small ones do not each become a packet. */
const CHUNK_BYTES = 64 * 1024;

type HeaderFields<Kind extends StreamKind> = Omit<HeaderOf<Kind>, 'v' | 'kind'> & { count: number };

/**
 * Encodes one stream (docs/protocol/sync.md §1). `items` is read as the result is read, so any number may pass in bounded
 * memory. @throws {ProtocolError} "badCount" when there are not `header.count` items
 */
export async function* encodeStream<Kind extends StreamKind>(
  kind: Kind,
  header: HeaderFields<Kind>,
  items: Iterable<ItemOf<Kind>> | AsyncIterable<ItemOf<Kind>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const record of recordsOf(kind, header, items)) {
    hash.update(record);
    waiting.push(record);
    waitingBytes += record.length;
    if (waitingBytes < CHUNK_BYTES) continue;
    yield join(waiting);
    [waiting, waitingBytes] = [[], 0];
  }
  yield join([...waiting, encodeCbor({ end: true, count: header.count, digest: hash.digest() })]);
}

async function* recordsOf(kind: StreamKind, header: { count: number }, items: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  yield encodeCbor({ v: PROTOCOL_VERSION, kind: kind.kind, ...header });
  let sent = 0;
  for await (const item of items) {
    sent += 1;
    yield encodeCbor(item);
  }
  if (sent !== header.count) throw new ProtocolError('badCount', `stream announced ${header.count} items and had ${sent}`);
}

function join(records: readonly Uint8Array[]): Uint8Array {
  return records.length === 1 && records[0] ? records[0] : Buffer.concat(records);
}
