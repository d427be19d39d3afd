// Short ASCII texts that come again and again, found by their octets: to make a text anew takes longer than to look it up, and a name
// that is the same text each time is the faster name of a member.

/** What is longer is hardly ever the same again. */
const MAX_LENGTH = 24;
/** A power of two. Texts share places by chance; the last one stands there. */
const PLACES = 512;

export class KnownTexts {
  readonly #texts = Array.from({ length: PLACES }, () => '');

  /** Of octets that are sound UTF-8. */
  text(octets: Buffer, start: number, length: number): string {
    if (length > MAX_LENGTH) return octets.toString('utf8', start, start + length);
    let hash = length;
    for (let at = start; at < start + length; at += 1) hash = (hash * 31 + octets[at]!) | 0;
    const place = hash & (PLACES - 1);
    const known = this.#texts[place]!;
    if (isText(known, octets, start, length)) return known;
    const text = octets.toString('utf8', start, start + length);
    if (text.length === length) this.#texts[place] = text;   // else it is not ASCII, and its units are not its octets
    return text;
  }
}

function isText(text: string, octets: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== octets[start + at]) return false;
  return true;
}
