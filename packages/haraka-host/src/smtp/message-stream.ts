import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';

/** A message as the handler of DATA expects it: as if it came from the wire. */
export function messageStream(octets: Buffer): SMTPServerDataStream {
  const stream = Object.assign(new PassThrough(), { byteLength: octets.length, sizeExceeded: false });
  stream.end(octets);
  return stream;
}
