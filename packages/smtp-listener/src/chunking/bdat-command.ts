/** One chunk of a message, as its command announces it. */
export interface Chunk {
  sizeBytes: number;
  isLast: boolean;
}

// bdat-cmd   ::= "BDAT" SP chunk-size [ SP end-marker ] CR LF     RFC 3030 §2
// chunk-size ::= 1*DIGIT
// Fifteen digits are a petabyte, and exact as a number.
const BDAT = /^BDAT +(\d{1,15})( +LAST)? *$/i;

/** `null` for what is none: nobody can say then where the chunk ends. */
export function parseBdat(line: string): Chunk | null {
  const match = BDAT.exec(line);
  return match && { sizeBytes: Number(match[1]), isLast: match[2] !== undefined };
}
