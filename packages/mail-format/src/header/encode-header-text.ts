import { encodeBase64 } from '../octets/base64.js';
import { encodeUtf8 } from '../octets/octets.js';

/** Octets in one encoded-word: 60 characters of base64 and 12 of frame stay under the 75 of RFC 2047 §2. */
const WORD_OCTETS = 45;
/** Longest run without white space that is left as it is; more could not be folded under 998 characters (RFC 5322 §2.1.1). */
const MAX_UNFOLDABLE_CHARS = 500;

/** Text for an unstructured field or a display name: as it is when plain ASCII, else encoded-words (RFC 2047) in UTF-8. */
export function encodeHeaderText(text: string): string {
  const oneLine = text.replace(/[\r\n\0]+/g, ' ');
  return isPlain(oneLine) ? oneLine : encodeWords(oneLine);
}

/** Encoded-words cut between characters, one space between them, which readers drop. */
export function encodeWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  let chunkOctets = 0;
  for (const character of text) {
    const size = encodeUtf8(character).length;
    if (chunkOctets + size > WORD_OCTETS) {
      words.push(chunk);
      chunk = '';
      chunkOctets = 0;
    }
    chunk += character;
    chunkOctets += size;
  }
  return [...words, chunk].map((word) => `=?utf-8?B?${encodeBase64(encodeUtf8(word))}?=`).join(' ');
}

function isPlain(text: string): boolean {
  const hasEdgeSpace = text !== text.trim();
  return /^[\x20-\x7e\t]*$/.test(text) && !text.includes('=?') && !hasEdgeSpace && !text.split(/[ \t]/).some((word) => word.length > MAX_UNFOLDABLE_CHARS);
}
