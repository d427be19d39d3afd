import { CommandFramer, type Frame } from '../wire/command-framer.js';
import { CommandReader } from '../wire/command-reader.js';

const ROOMY = { maxLineBytes: 65_536, maxLiteralBytes: 65_536, maxAppendBytes: 1_000_000 };

/** All frames that come out when the octets go in as these chunks. */
export function framesOf(chunks: readonly Uint8Array[], limits = ROOMY): Frame[] {
  const framer = new CommandFramer();
  framer.limits = limits;
  return chunks.flatMap((chunk) => {
    framer.push(chunk);
    const frames: Frame[] = [];
    for (let frame = framer.next(); frame; frame = framer.next()) frames.push(frame);
    return frames;
  });
}

/** A reader over one command, written with its literals in place and without the last CRLF. */
export function readerOf(command: string): CommandReader {
  const frame = framesOf([Buffer.from(`${command}\r\n`)]).find(({ kind }) => kind === 'command');
  if (frame?.kind !== 'command') throw new Error('not one command');
  return new CommandReader(frame.segments);
}
