import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { StartError } from './start-error.js';

const FROM_INPUT = '-';

/**
 * The arguments of a command, with a line of the input for each `-`, in order: whatever a process is started with, every user of the
 * machine can read, and addresses are nobody's business. Without a `-` the input is left alone.
 * @throws {StartError} "badConfiguration" when there are not as many lines
 */
export async function readArguments(argv: readonly string[], input: Readable): Promise<string[]> {
  if (!argv.includes(FROM_INPUT)) return [...argv];
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();
  const completed: string[] = [];
  try {
    for (const argument of argv) completed.push(argument === FROM_INPUT ? await nextLine(lines) : argument);
  } finally {
    reader.close();
  }
  return completed;
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done === true) throw new StartError('badConfiguration', 'standard input has to have a line for each "-"');
  return value.trim();
}
