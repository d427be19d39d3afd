// A scanner that takes a message over a socket, hears it to its end and says what it thinks of it.

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

export interface ScannerDouble {
  port: number;
  /** Everything that it was sent, one text for each message. */
  heard: string[];
  stop(): Promise<void>;
}

type Judge = (text: string) => string;

/** One that hears until the other side has no more to say; `read` takes the message out of what it heard. */
export function startScanner(judge: Judge, read = (text: string): string => text): Promise<ScannerDouble> {
  const heard: string[] = [];
  return listen(heard, createServer({ allowHalfOpen: true }, (socket) => void hear(socket, heard, read).then((text) => socket.end(judge(text)))));
}

export function startHttpScanner(judge: Judge): Promise<ScannerDouble> {
  const heard: string[] = [];
  return listen(heard, createHttpServer((request, response) => void hear(request, heard, (text) => text).then((text) => response.end(judge(text)))));
}

/** The chunks of clamd's INSTREAM command, each behind its length. */
export function joinChunks(text: string): string {
  const octets = Buffer.from(text, 'latin1');
  const chunks: Buffer[] = [];
  for (let at = 'zINSTREAM\0'.length; at < octets.length; at += 4 + chunks.at(-1)!.length) chunks.push(octets.subarray(at + 4, at + 4 + octets.readUInt32BE(at)));
  return Buffer.concat(chunks).toString('latin1');
}

async function hear(stream: NodeJS.ReadableStream, heard: string[], read: (text: string) => string): Promise<string> {
  const text = read(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString('latin1'));
  heard.push(text);
  return text;
}

async function listen(heard: string[], server: Server): Promise<ScannerDouble> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, heard, stop: async () => void await once(server.close(), 'close') };
}
