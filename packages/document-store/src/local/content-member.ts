// Members of a document's content, found without reading the rest: of a message that is sent on octet for octet, the part tree and the
// preview need not become objects.

import { CborCursor } from './cbor-cursor.js';
import { readValue, setMember } from './content-reader.js';

const TEXT = new TextEncoder();

/**
 * Reads the members of these names out of contents; octets are views of the content. Those that are not there are left out. Names are
 * compared as octets: to make a text of each that nobody asked for took longer than all the rest.
 */
export function memberReader(names: readonly string[]): (content: Uint8Array) => Record<string, unknown> {
  const wanted = names.map((name) => ({ name, octets: TEXT.encode(name) }));
  return (content) => {
    const cursor = new CborCursor(content);
    const members: Record<string, unknown> = {};
    let missing = wanted.length;
    cursor.readHead();
    for (let left = cursor.argument; left > 0 && missing > 0; left -= 1) {
      const found = cursor.passString(wanted);
      if (found) {
        setMember(members, found.name, readValue(cursor));
        missing -= 1;
      } else cursor.skip();
    }
    return members;
  };
}
