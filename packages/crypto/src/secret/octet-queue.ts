/** Octets arriving in pieces of any size, taken out in pieces of exactly the size wanted. */
export class OctetQueue {
  #pieces: Uint8Array[] = [];
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#sizeBytes += piece.length;
  }

  /** The next `count` octets, or all when there are fewer. */
  take(count: number): Uint8Array {
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const rest = all.subarray(count);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#sizeBytes = rest.length;
    return all.subarray(0, count);
  }
}
