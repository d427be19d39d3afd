type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** Numbers one behind the other, which grow. */
export class Column<Kind extends Numbers> {
  /** Longer than `length`; what stands behind it means nothing. */
  values: Kind;
  length = 0;

  constructor(private readonly kind: new (length: number) => Kind) {
    this.values = new kind(64);
  }

  get last(): number | undefined {
    return this.length > 0 ? this.values[this.length - 1] : undefined;
  }

  push(value: number): void {
    this.#reserve(this.length + 1);
    this.values[this.length] = value;
    this.length += 1;
  }

  /** Takes those of another from `start` to before `end`. */
  copy(other: Column<Kind>, start: number, end: number): void {
    this.#reserve(this.length + end - start);
    for (let place = start, to = this.length; place < end; place += 1, to += 1) this.values[to] = other.values[place]!;
    this.length += end - start;
  }

  /** Those at these places; `absent` for a negative place. */
  at(places: Int32Array, absent: number): Kind {
    const taken = new this.kind(places.length);
    for (let index = 0; index < places.length; index += 1) taken[index] = places[index]! < 0 ? absent : this.values[places[index]!]!;
    return taken;
  }

  #reserve(length: number): void {
    if (length <= this.values.length) return;
    const grown = new this.kind(Math.max(length, this.values.length * 2));
    grown.set(this.values);
    this.values = grown;
  }
}
