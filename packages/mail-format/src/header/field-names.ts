// Names of fields, looked for as octets: to make a text of every name that stands in a header took half the time of selecting fields.

const LATIN = { A: 0x41, Z: 0x5a, toLower: 0x20 };
const TEXT = new TextEncoder();

/** By the set of names they were made of: one command selects the same fields of thousands of messages. */
const known = new WeakMap<ReadonlySet<string>, FieldNames>();

export class FieldNames {
  /** By their length in octets. */
  readonly #names: Uint8Array[][] = [];

  private constructor(names: ReadonlySet<string>) {
    for (const name of names) {
      const octets = TEXT.encode(name);
      (this.#names[octets.length] ??= []).push(octets);
    }
  }

  /** Names in lower case. The set stays as it is. */
  static of(names: ReadonlySet<string>): FieldNames {
    const made = known.get(names) ?? new FieldNames(names);
    known.set(names, made);
    return made;
  }

  /** Whether one of them stands there, in any case. */
  has(block: Uint8Array, start: number, end: number): boolean {
    const candidates = this.#names[end - start];
    if (candidates) for (const name of candidates) if (stands(name, block, start)) return true;
    return false;
  }
}

function stands(name: Uint8Array, block: Uint8Array, start: number): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const octet = block[start + at]!;
    if (name[at] !== (octet >= LATIN.A && octet <= LATIN.Z ? octet + LATIN.toLower : octet)) return false;
  }
  return true;
}
