// What waits to be sent: many short texts and octets, put together as they come, and large pieces as they are.

/** Where short ones are put together: each connection keeps a room, which is larger in a long answer. */
const MIN_ROOM_BYTES = 8 * 1024;
const MAX_ROOM_BYTES = 64 * 1024;
/** What is longer costs more to copy than to send as a piece of its own. */
const COPIED_BYTES = 2 * 1024;
/** Of a UTF-16 unit in UTF-8. */
const MAX_UNIT_BYTES = 3;

export class GatheredOctets {
  /** A character of a text counts as one. */
  sizeBytes = 0;
  #pieces: Uint8Array[] = [];
  /** What came behind all else, still as text. */
  #text = '';
  /** What stands before `#start` was taken, and may be on its way. */
  #room = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** Octets may still be in use: their owner must not change them. Text becomes UTF-8. */
  add(piece: string | Uint8Array): void {
    this.sizeBytes += piece.length;
    if (typeof piece === 'string') this.#text += piece;
    else {
      this.#placeText();
      this.#placeOctets(piece);
    }
  }

  /** All of it, in order. */
  take(): Uint8Array[] {
    this.#placeText();
    this.#endRun();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.sizeBytes = 0;
    return pieces;
  }

  #placeText(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    if (text.length > COPIED_BYTES) return this.#placeApart(Buffer.from(text, 'utf8'));
    this.#reserve(text.length * MAX_UNIT_BYTES);
    this.#end += this.#room.write(text, this.#end, 'utf8');
  }

  #placeOctets(octets: Uint8Array): void {
    if (octets.length > COPIED_BYTES) return this.#placeApart(octets);
    this.#reserve(octets.length);
    this.#room.set(octets, this.#end);
    this.#end += octets.length;
  }

  #placeApart(octets: Uint8Array): void {
    this.#endRun();
    this.#pieces.push(octets);
  }

  #endRun(): void {
    if (this.#end > this.#start) this.#pieces.push(this.#room.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#room.length) return;
    this.#endRun();
    this.#room = Buffer.allocUnsafeSlow(Math.min(Math.max(MIN_ROOM_BYTES, this.sizeBytes), MAX_ROOM_BYTES));
    [this.#start, this.#end] = [0, 0];
  }
}
