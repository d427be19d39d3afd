// Long lists of numbers as octets. A hundred thousand of them as strings that are joined take ten times as long, and twice the memory.

const ZERO = 0x30;
/** Of the longest whole number that is exact. */
const MAX_DIGITS = 16;
const FIRST_OCTETS = 1024;

/** US-ASCII that grows at its end. */
export class NumberText {
  #octets = new Uint8Array(FIRST_OCTETS);
  #length = 0;

  /** One character. */
  character(text: string): void {
    this.#reserve(1);
    this.#octets[this.#length++] = text.charCodeAt(0);
  }

  /** A whole number, not negative. */
  number(value: number): void {
    this.#reserve(MAX_DIGITS);
    let end = this.#length + 1;
    for (let limit = 10; value >= limit; limit *= 10) end += 1;
    this.#length = end;
    let rest = value;
    do {
      const tens = Math.floor(rest / 10);
      this.#octets[end -= 1] = ZERO + (rest - tens * 10);
      rest = tens;
    } while (rest > 0);
  }

  /** What is written so far; nothing may be added after that. */
  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#octets.length) return;
    const grown = new Uint8Array(this.#octets.length * 2);
    grown.set(this.#octets);
    this.#octets = grown;
  }
}
