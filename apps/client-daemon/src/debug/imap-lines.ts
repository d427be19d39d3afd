// From octets of one direction of an IMAP dialogue to its lines. A literal (RFC 9051 §4.3) is counted and passed over: its octets are
// never kept. The line goes on behind it.

/** Longer lines are cut: nobody reads them, and a peer must not fill the memory. */
const MAX_LINE_CHARS = 16 * 1024;
/** `{310}`, `{310+}`, `~{310}` at the end of a line. */
const ANNOUNCEMENT = /~?\{(\d{1,15})\+?\}$/;

/** A literal in a line, as `literalOf` reads it. NUL cannot stand in a line otherwise. */
const literalMark = (sizeBytes: number): string => `\0${sizeBytes}\0`;
export const LITERAL_MARK = /\0(\d+)\0/;

export class ImapLines {
  #line = '';
  #partial = '';
  #literalLeft = 0;
  #isLiteralBegun = false;

  /** Whole lines without their end; each literal in them is a mark. */
  push(octets: Uint8Array): string[] {
    const lines: string[] = [];
    for (let offset = 0; offset < octets.length;) offset = this.#literalLeft > 0 ? this.#passLiteral(octets, offset) : this.#readText(octets, offset, lines);
    return lines;
  }

  /** The peer refused the literal that was announced: what comes next is a line. */
  refuseLiteral(): void {
    if (this.#literalLeft === 0 || this.#isLiteralBegun) return;
    this.#literalLeft = 0;
    this.#line = '';
  }

  #passLiteral(octets: Uint8Array, offset: number): number {
    const passed = Math.min(this.#literalLeft, octets.length - offset);
    this.#literalLeft -= passed;
    this.#isLiteralBegun = true;
    return offset + passed;
  }

  #readText(octets: Uint8Array, offset: number, lines: string[]): number {
    const end = octets.indexOf(0x0a, offset);
    const piece = Buffer.from(octets.subarray(offset, end < 0 ? undefined : end)).toString('latin1').replaceAll('\0', '');
    this.#partial = keepEnd(this.#partial + piece);
    if (end < 0) return octets.length;
    this.#endText(this.#partial.replace(/\r$/, ''), lines);
    this.#partial = '';
    return end + 1;
  }

  #endText(text: string, lines: string[]): void {
    const announced = ANNOUNCEMENT.exec(text);
    if (announced) {
      this.#literalLeft = Number(announced[1]);
      this.#isLiteralBegun = false;
      this.#line = (this.#line + text.slice(0, announced.index) + literalMark(this.#literalLeft)).slice(0, MAX_LINE_CHARS);
      return;
    }
    lines.push((this.#line + text).slice(0, MAX_LINE_CHARS));
    this.#line = '';
  }
}

/** Of a text that is too long its end counts: a literal may be announced there. */
function keepEnd(text: string): string {
  return text.length > MAX_LINE_CHARS ? text.slice(-MAX_LINE_CHARS) : text;
}
