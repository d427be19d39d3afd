// Commands of the corpus (src/test/corpus), broken and mixed: whatever comes, it is framed and read, or refused as a fault of the
// grammar, within a time that grows with its length and a memory that does not. `FUZZ_MS` makes it longer. An input that
// was once misread becomes a line of the corpus.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { seededRandom, processorMs } from '@paloma/test-kit';
import { COMMANDS } from '../commands/index.js';
import { ImapError } from '../imap-error.js';
import { MAX_COMMAND_LINE_BYTES, MAX_COMMAND_LITERAL_BYTES } from '../limits.js';
import { CommandFramer, type Frame } from './command-framer.js';
import { CommandReader } from './command-reader.js';

const FUZZ_MS = Number(process.env['FUZZ_MS'] ?? 2000);
const SEED = process.env['FUZZ_SEED'] ?? process.env['PROPERTY_SEED'] ?? String(Date.now() % 2 ** 31);
const LIMITS = { maxLineBytes: MAX_COMMAND_LINE_BYTES, maxLiteralBytes: MAX_COMMAND_LITERAL_BYTES, maxAppendBytes: 1024 * 1024 };

/** Backslash escapes of the corpus: `\r \n \\ \xNN`. */
const ESCAPES: Record<string, string> = { '\\r': '\r', '\\n': '\n', '\\\\': '\\' };
const CORPUS = readFileSync(new URL('../test/corpus/commands.txt', import.meta.url), 'utf8').split('\n').filter((line) => line !== '')
  .map((line) => Buffer.from(`${line.replace(/\\(?:r|n|\\|x[0-9a-f]{2})/g, (escape) => ESCAPES[escape] ?? String.fromCharCode(Number.parseInt(escape.slice(2), 16)))}\r\n`, 'latin1'));

/** Frames and reads everything; throws what a server would not expect. */
function digest(octets: Uint8Array): Frame[] {
  const framer = new CommandFramer();
  framer.limits = LIMITS;
  framer.push(octets);
  const frames: Frame[] = [];
  for (let frame = framer.next(); frame; frame = framer.next()) {
    frames.push(frame);
    if (frame.kind === 'command') readCommand(new CommandReader(frame.segments, { isUtf8: frames.length % 2 === 0 }));
  }
  return frames;
}

/** As a connection does. True when it was understood. */
function readCommand(reader: CommandReader): boolean {
  try {
    reader.tag();
    reader.space();
    const word = reader.word();
    const name = word === 'UID' ? (reader.space(), `UID ${reader.word()}`) : word;
    COMMANDS.get(name)?.read(reader);
    return COMMANDS.has(name);
  } catch (error) {
    if (error instanceof ImapError && error.code === 'syntax') return false;
    throw error;
  }
}

/** Small numbers of one seed. */
function numbers(seed: string): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => Buffer.from(random.bytes(4)).readUInt32LE() % Math.max(1, below);
}

const TOKENS = ['(', ')', '"', '\\', '{1+}\r\nx', '{0}\r\n', '~{2+}\r\n\0\0', '*', '$', ':', ',', ' ', '  ', '\r\n', '\n', '\0', 'ÿ', '4294967296', '1:*', 'NIL', '[', ']', '<0.1>', '&', '%'].map((token) => Buffer.from(token, 'latin1'));

/** One change of an input: octets out, octets in, twice, swapped for others, or joined with another input. */
function mutated(input: Buffer, below: (limit: number) => number): Buffer {
  const at = below(input.length + 1);
  const end = at + below(Math.min(20, input.length - at) + 1);
  const [before, middle, after] = [input.subarray(0, at), input.subarray(at, end), input.subarray(end)];
  switch (below(6)) {
    case 0: return Buffer.concat([before, after]);
    case 1: return Buffer.concat([before, TOKENS[below(TOKENS.length)]!, middle, after]);
    case 2: return Buffer.concat([before, middle, middle, after]);
    case 3: return Buffer.concat([before, Buffer.from([below(256)]), after]);
    case 4: {
      const other = CORPUS[below(CORPUS.length)]!;
      return Buffer.concat([before, other.subarray(below(other.length))]);
    }
    default: return Buffer.concat([input, CORPUS[below(CORPUS.length)]!]);
  }
}

test('the corpus has every command, and most of it is understood', () => {
  const understood = CORPUS.filter((octets) => digest(octets).some((frame) => frame.kind === 'command' && readCommand(new CommandReader(frame.segments))));
  const names = new Set(understood.map((octets) => /^\S+ ((?:UID )?\S+?)[\s]/i.exec(octets.toString('latin1'))?.[1]?.toUpperCase()));
  expect([...COMMANDS.keys()].filter((name) => !names.has(name))).toEqual([]);
});

test(`broken commands do no harm (FUZZ_SEED=${SEED})`, () => {
  const below = numbers(SEED);
  const endMs = performance.now() + FUZZ_MS;
  let inputs = 0;
  while (performance.now() < endMs) {
    let input: Buffer = CORPUS[below(CORPUS.length)]!;
    for (let changes = 1 + below(8); changes > 0; changes--) input = mutated(input, below);
    try {
      digest(input);
    } catch (error) {
      throw new Error(`misread: ${JSON.stringify(input.toString('latin1'))}`, { cause: error });
    }
    inputs += 1;
  }
  expect(inputs).toBeGreaterThan(0);
}, FUZZ_MS + 30_000);

describe('time grows with length', () => {
  /** The longest a command may be takes a fraction of a second, whichever of its octets it repeats. */
  test.each(CORPUS.map((octets) => [JSON.stringify(octets.toString('latin1')).slice(1, 60), octets] as const))('%s', (_, octets) => {
    const body = octets.subarray(octets.indexOf(0x20) + 1, -2);
    for (const [start, end] of [[0, body.length], [body.length >> 1, body.length], [body.length - 1, body.length], [body.length - 4, body.length]] as const) {
      const repeated = body.subarray(Math.max(0, start), end);
      const copies = Array.from({ length: Math.ceil(MAX_COMMAND_LINE_BYTES / Math.max(1, repeated.length)) }, () => repeated);
      const input = Buffer.concat([Buffer.from('a '), body, ...copies]).subarray(0, MAX_COMMAND_LINE_BYTES - 2);
      const startMs = processorMs();
      digest(Buffer.concat([input, Buffer.from('\r\n')]));
      expect(processorMs() - startMs).toBeLessThan(1500);
    }
  });
});

test('a peer that announces and never sends costs no more than it may', () => {
  const before = process.memoryUsage().arrayBuffers;
  const framers = Array.from({ length: 100 }, () => {
    const framer = new CommandFramer();
    framer.limits = LIMITS;
    framer.push(Buffer.from('a APPEND INBOX {1048577+}\r\n'));
    framer.push(Buffer.from('x'.repeat(1000)));
    return [framer.next(), framer.next()];
  });
  expect(framers.every(([frame]) => frame?.kind === 'refused')).toBe(true);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024);
});
