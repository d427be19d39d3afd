import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';
import type { HandedMessage } from '../session/message-step.js';

const digests = new WeakMap<SMTPServerDataStream, Uint8Array>();

/** A message as the handler of DATA expects it: as if it came from the wire. */
export function messageStream({ octets, receivedSha256: digest }: HandedMessage): SMTPServerDataStream {
  const stream = Object.assign(new PassThrough(), { byteLength: octets.length, sizeExceeded: false });
  digests.set(stream, digest);
  stream.end(octets);
  return stream;
}

/**
 * SHA-256 of DATA as it was received, before plugins changed it: the same when a sender repeats a message. `null` for a stream
 * that did not pass through plugins.
 */
export function receivedSha256(stream: SMTPServerDataStream): Uint8Array | null {
  return digests.get(stream) ?? null;
}
