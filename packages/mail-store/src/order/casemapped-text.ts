/** A text as sorting and threading compare it: i;unicode-casemap (RFC 5051) as far as case and composition go; then by code point. */
export function casemapped(text: string): string {
  return text.toWellFormed().normalize('NFKD').toUpperCase();
}
