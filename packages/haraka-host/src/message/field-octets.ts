// Haraka keeps header fields as UTF-8 text, and what is not UTF-8 is lost in it. So that a message which no plugin changed
// leaves as it came, octet for octet, the octets of each field are kept beside its text.

/** Octets of fields by their text; several of the same text wait in line. */
export class FieldOctets {
  readonly #byText = new Map<string, Buffer[]>();

  /** Notes the physical lines of a header block, as they came. */
  constructor(lines: readonly Buffer[]) {
    for (const field of joinFolded(lines)) {
      const text = textOfLine(field);
      this.#byText.set(text, [...(this.#byText.get(text) ?? []), field]);
    }
  }

  /** The octets that `fields` came with; a field that a plugin wrote, as UTF-8 with CRLF. */
  restore(fields: readonly string[]): Buffer {
    const left = new Map([...this.#byText].map(([text, octets]) => [text, [...octets]]));
    return Buffer.concat(fields.map((field) => left.get(field)?.shift() ?? Buffer.from(`${field.replace(/\r?\n$/, '').replace(/\r?\n/g, '\r\n')}\r\n`)));
  }
}

/** The form in which Haraka's header parser wants a line: decoded, its CRLF as LF. */
export function textOfLine(line: Buffer): string {
  return line.toString('utf8').replace(/\r\n/g, '\n');
}

/** A line that begins with white space belongs to the field before it, RFC 5322 §2.2.3. */
function joinFolded(lines: readonly Buffer[]): Buffer[] {
  const fields: Buffer[][] = [];
  for (const line of lines) {
    const isContinuation = line[0] === 0x20 || line[0] === 0x09;
    if (isContinuation && fields.length > 0) fields.at(-1)?.push(line);
    else fields.push([line]);
  }
  return fields.map((parts) => Buffer.concat(parts));
}
