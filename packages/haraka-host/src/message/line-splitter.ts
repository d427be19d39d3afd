/** Cuts a stream of octets into lines, each with its LF; counts what has no CRLF where it should. */
export class LineSplitter {
  #rest: Buffer[] = [];
  /** A bare CR or LF was seen, RFC 5321 §2.3.8: hosts that disagree about where a line ends can be played off against each other. */
  hasBareLineEnd = false;

  /** The lines that `chunk` completes. */
  add(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      lines.push(this.#line(chunk.subarray(start, end + 1)));
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
    return lines;
  }

  /** What is left without a line end; empty when nothing is. */
  end(): Buffer {
    const line = this.#line(Buffer.alloc(0));
    if (line.length > 0) this.hasBareLineEnd ||= line.includes(CR);
    return line;
  }

  #line(tail: Buffer): Buffer {
    const line = Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    if (line.at(-1) === LF) this.hasBareLineEnd ||= line.at(-2) !== CR || line.indexOf(CR) !== line.length - 2;
    return line;
  }
}

const CR = 0x0d;
const LF = 0x0a;
