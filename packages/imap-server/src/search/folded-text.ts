/** A text as it is compared: i;unicode-casemap (RFC 5051) as far as case and composition go. */
export function foldedText(text: string): string {
  return text.normalize('NFKD').toUpperCase();
}
