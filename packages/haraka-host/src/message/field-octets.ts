// Haraka keeps header fields as UTF-8 text, where what is not UTF-8 is lost, and leaves out fields with names that are dangerous
// to JavaScript. So that a message which no plugin changed leaves as it came, octet for octet, the octets of each
// field are kept beside its text.

/** A line or a whole field, as plugins see it and as it is handed on. */
export interface HeaderText {
  text: string;
  octets: Buffer;
}

export class FieldOctets {
  readonly #originals: readonly HeaderText[];

  /** `lines`: the physical lines of a header block; empty octets for those that are not handed on. */
  constructor(lines: readonly HeaderText[]) {
    this.#originals = joinFolded(lines);
  }

  /**
   * The header block for these `fields`: the octets that they came with, a plugin's own as UTF-8 with CRLF. `leftOut` are texts
   * of fields that plugins never saw; they keep their places among the others.
   */
  restore(fields: readonly string[], leftOut: readonly string[]): Buffer {
    const unseen = new Set(leftOut);
    const places = this.#placesByText();
    const unseenPlaces = this.#originals.flatMap(({ text }, place) => (unseen.has(text) ? [place] : [])).toReversed();
    const parts: Buffer[] = [];
    const addUnseenBefore = (place: number): void => {
      while ((unseenPlaces.at(-1) ?? place) < place) parts.push(this.#octetsAt(unseenPlaces.pop() ?? 0));
    };
    for (const field of fields) {
      const place = places.get(field)?.pop();
      if (place !== undefined) addUnseenBefore(place);
      parts.push(place === undefined ? octetsOfField(field) : this.#octetsAt(place));
    }
    addUnseenBefore(this.#originals.length);
    return Buffer.concat(parts);
  }

  #octetsAt(place: number): Buffer {
    return this.#originals[place]?.octets ?? Buffer.alloc(0);
  }

  /** The places of each text, the first one last: taking them with `pop` costs the same however many there are. */
  #placesByText(): Map<string, number[]> {
    const places = new Map<string, number[]>();
    for (const [place, { text }] of [...this.#originals.entries()].toReversed()) {
      const known = places.get(text);
      if (known === undefined) places.set(text, [place]);
      else known.push(place);
    }
    return places;
  }
}

/** The form in which Haraka's header parser wants a line: decoded, its CRLF as LF. */
export function textOfLine(line: Buffer): string {
  return line.toString('utf8').replace(/\r\n/g, '\n');
}

function octetsOfField(field: string): Buffer {
  return Buffer.from(`${field.replace(/\r?\n$/, '').replace(/\r?\n/g, '\r\n')}\r\n`);
}

/** A line that begins with white space belongs to the field before it, RFC 5322 §2.2.3. */
function joinFolded(lines: readonly HeaderText[]): HeaderText[] {
  const fields: HeaderText[][] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line.text) && fields.length > 0) fields.at(-1)?.push(line);
    else fields.push([line]);
  }
  return fields.map((parts) => ({ text: parts.map(({ text }) => text).join(''), octets: Buffer.concat(parts.map(({ octets }) => octets)) }));
}
