// Encoded-words, RFC 2047, for reading. Adjacent words of one charset and encoding are decoded as one octet string:
// many senders cut words in the middle of a character.

import { decodeBase64 } from '../octets/base64.js';
import { decodeQ } from '../octets/quoted-printable.js';
import { decodeCharset } from '../octets/charset.js';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';

// encoded-word = "=?" charset "?" encoding "?" encoded-text "?="    RFC 2047 §2; spaces inside are let pass
const ENCODED_WORD = /=\?([^?\s]{1,64})\?([bBqQ])\?([^?\r\n]*)\?=/g;

interface WordRun {
  charset: string;
  octets: Uint8Array[];
}

/** Decodes the encoded-words of an unfolded header text. Anything else, and what is malformed, stays as it is. */
export function decodeHeaderText(text: string): string {
  let decoded = '';
  let end = 0;
  let run: WordRun | null = null;
  for (const match of text.matchAll(ENCODED_WORD)) {
    const [word, charset = '', encoding = '', content = ''] = match;
    const between = text.slice(end, match.index);
    const isAdjacent = run !== null && between.trim() === '';
    if (!isAdjacent || run?.charset !== charset.toLowerCase()) {
      decoded += formatRun(run) + (isAdjacent ? '' : between);
      run = { charset: charset.toLowerCase(), octets: [] };
    }
    run.octets.push(decodeWord(encoding, content));
    end = match.index + word.length;
  }
  return decoded + formatRun(run) + text.slice(end);
}

function formatRun(run: WordRun | null): string {
  return run === null ? '' : decodeCharset(concatOctets(run.octets), run.charset).replace(/[\r\n\0]/g, ' ');
}

function decodeWord(encoding: string, content: string): Uint8Array {
  const octets = encodeUtf8(content);
  return encoding.toUpperCase() === 'B' ? decodeBase64(octets) : decodeQ(octets);
}
