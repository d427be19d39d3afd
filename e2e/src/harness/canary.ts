import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A text as it may lie on a disk or a wire: as it is, in base64 at each of the three alignments, in hex, in UTF-16. */
export function disguises(text: string): Buffer[] {
  const octets = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const aligned = octets.subarray((3 - shift) % 3);
    return Buffer.from(aligned.subarray(0, aligned.length - (aligned.length % 3)).toString('base64'));
  });
  return [octets, ...base64, ...base64.map((each) => Buffer.from(each.toString().replaceAll('+', '-').replaceAll('/', '_'))), Buffer.from(octets.toString('hex')), Buffer.from(text, 'utf16le')];
}

export function holdsCanary(octets: Buffer, canary: string): boolean {
  return disguises(canary).some((disguise) => octets.includes(disguise));
}

/** Files below a directory that hold the canary in any disguise. */
export function filesHolding(directory: string, canary: string, filter: (path: string) => boolean = () => true): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => filter(path) && holdsCanary(readFileSync(path), canary));
}
