// Mailbox names on the wire: modified UTF-7, RFC 3501 §5.1.3. Printable US-ASCII stands for itself, `&` is `&-`, all
// else is UTF-16BE in base64 with `,` for `/` and no padding, between `&` and `-`.

const ENCODED_RUN = /[^\x20-\x7e]+|&/g;
// No other character may stand in a run, so a text of nothing but `&` is passed once and not once for each.
const SHIFTED_RUN = /&([A-Za-z0-9+,]*)-/g;

export function encodeModifiedUtf7(name: string): string {
  return name.replace(ENCODED_RUN, (run) => (run === '&' ? '&-' : `&${encodeRun(run)}-`));
}

/** The name, or null when the text is not what `encodeModifiedUtf7` writes: two spellings must not name one mailbox. */
export function decodeModifiedUtf7(text: string): string | null {
  const name = text.replace(SHIFTED_RUN, (_, run: string) => (run === '' ? '&' : decodeRun(run)));
  return encodeModifiedUtf7(name) === text ? name : null;
}

function encodeRun(run: string): string {
  return Buffer.from(run, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',');
}

function decodeRun(run: string): string {
  const octets = Buffer.from(run.replaceAll(',', '/'), 'base64');
  return Buffer.from(octets.subarray(0, octets.length & ~1)).swap16().toString('utf16le');
}
