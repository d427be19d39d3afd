import { CR, LF } from './octets.js';

/**
 * Walks octets line by line without copying. A line ends in CRLF or in a bare LF; the last one may have no end.
 * After `next()` the line is octets [lineStart, lineEnd) and the next one starts at `position`.
 */
export class LineCursor {
  lineStart = 0;
  lineEnd = 0;
  position: number;
  linesRead = 0;

  constructor(readonly octets: Uint8Array, start = 0) {
    this.position = start;
  }

  /** False at the end. */
  next(): boolean {
    if (this.position >= this.octets.length) return false;
    this.lineStart = this.position;
    const lf = this.octets.indexOf(LF, this.position);
    this.position = lf < 0 ? this.octets.length : lf + 1;
    this.lineEnd = lf < 0 ? this.octets.length : lf;
    if (lf > this.lineStart && this.octets[lf - 1] === CR) this.lineEnd -= 1;
    this.linesRead += 1;
    return true;
  }

  /** Goes back to the start of the line just read. */
  unread(): void {
    this.position = this.lineStart;
    this.linesRead -= 1;
  }

  get isLineEmpty(): boolean {
    return this.lineStart === this.lineEnd;
  }
}
