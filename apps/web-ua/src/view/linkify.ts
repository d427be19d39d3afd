// Finds web and mail addresses in plain text.

export type TextRun = { text: string; url: string | null };

/** Bounded everywhere: a line of a million dots must not cost more than reading it. */
const ADDRESS = /\b(?:https?:\/\/|www\.)[^\s<>"'`]{1,2048}|\b[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b/gi;
/** Belongs to the sentence, not to the address. */
const TRAILING = /[.,;:!?*_~)\]}»”’]+$/;

export function linkify(text: string): TextRun[] {
  const runs: TextRun[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimAddress(match[0]);
    if (match.index > end) runs.push({ text: text.slice(end, match.index), url: null });
    runs.push({ text: address, url: urlOf(address) });
    end = match.index + address.length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), url: null });
  return runs;
}

/** A closing bracket stays when the address has the opening one: wikis end their addresses so. */
function trimAddress(address: string): string {
  const trimmed = address.replace(TRAILING, '');
  const isOpen = trimmed.lastIndexOf('(') > trimmed.lastIndexOf(')');
  return isOpen && address[trimmed.length] === ')' ? `${trimmed})` : trimmed;
}

function urlOf(address: string): string {
  if (/^https?:/i.test(address)) return address;
  return /^www\./i.test(address) ? `https://${address}` : `mailto:${address}`;
}
