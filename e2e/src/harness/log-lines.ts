import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = [
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/,                                            // a mail address
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/,                              // an IPv4 address
  /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/i,                // an IPv6 address
];

/** What our programs logged below a directory. */
export function logLines(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.log') && !path.endsWith('postgres.log'))
    .flatMap((path) => readFileSync(join(directory, path), 'utf8').split('\n'))
    .filter((line) => line !== '');
}

/** Whether a line holds a mail or IP address. */
export function isNamingSomebody(line: string): boolean {
  return NAMES.some((name) => name.test(line));
}
