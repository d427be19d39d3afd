import { isWhiteSpace } from '../header/header-field.js';
import { encodeUtf8, startsWithOctets } from '../octets/octets.js';

const HYPHEN = 0x2d;

export interface DelimiterMatch {
  /** Position in the stack of the multipart that the delimiter belongs to. */
  level: number;
  /** `--boundary--` */
  isClose: boolean;
}

/** Boundaries of the multiparts that are open, outermost first. A line is compared with the innermost first. */
export class BoundaryStack {
  readonly #boundaries: Uint8Array[] = [];

  get depth(): number {
    return this.#boundaries.length;
  }

  push(boundary: string): void {
    this.#boundaries.push(encodeUtf8(boundary));
  }

  pop(): void {
    this.#boundaries.pop();
  }

  /** Forgets all: from here on nothing is a delimiter. */
  clear(): void {
    this.#boundaries.length = 0;
  }

  /** Whether the line [start, end) is a delimiter, RFC 2046 §5.1.1: `--`, boundary, perhaps `--`, then only white space. */
  match(octets: Uint8Array, start: number, end: number): DelimiterMatch | null {
    if (octets[start] !== HYPHEN || octets[start + 1] !== HYPHEN || this.depth === 0) return null;
    let last = end;
    while (last > start && isWhiteSpace(octets[last - 1])) last -= 1;
    const line = octets.subarray(start + 2, last);
    for (let level = this.depth - 1; level >= 0; level--) {
      const boundary = this.#boundaries[level];
      if (boundary === undefined || !startsWithOctets(line, boundary)) continue;
      if (line.length === boundary.length) return { level, isClose: false };
      if (isCloseMark(line, boundary.length)) return { level, isClose: true };
    }
    return null;
  }
}

function isCloseMark(line: Uint8Array, at: number): boolean {
  return line.length === at + 2 && line[at] === HYPHEN && line[at + 1] === HYPHEN;
}
