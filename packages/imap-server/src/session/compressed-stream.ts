// COMPRESS=DEFLATE, RFC 4978: what goes over a socket from now on is one stream of DEFLATE each way.

import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';

export interface CompressedStream {
  input: Readable;
  /** What is written goes out at once: the peer waits for it. */
  output: Writable;
}

/** Both end with the socket, and the socket with them: what cannot be inflated ends the connection. */
export function compressSocket(socket: Socket): CompressedStream {
  const input = createInflateRaw({ flush: constants.Z_SYNC_FLUSH });
  const output = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH });
  for (const stream of [input, output]) {
    stream.once('error', () => socket.destroy());
    socket.once('close', () => stream.destroy());
  }
  socket.pipe(input);
  output.pipe(socket);
  socket.once('finish', () => socket.destroySoon());
  return { input, output };
}
