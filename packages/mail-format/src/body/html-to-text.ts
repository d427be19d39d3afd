// A crude reading of HTML for previews and search: tags go, block ends become line ends, entities are decoded. One pass,
// no tree. What comes out is text and must be shown as text: it is not made safe as HTML.

const HIDDEN_ELEMENTS = ['script', 'style', 'head', 'title', 'template', 'noscript', 'svg', 'math'];
const BLOCK_TAG = /^\/?(?:p|div|br|tr|li|ul|ol|table|h[1-6]|blockquote|section|article|header|footer|pre|hr)\b/;
const NAMED_ENTITIES: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', zwnj: '', zwj: '', copy: '©', reg: '®', euro: '€', pound: '£',
  hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', bull: '•', middot: '·',
  auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç', ntilde: 'ñ',
};

/** At most `maxChars` characters of text are collected. */
export function htmlToText(html: string, maxChars = Number.POSITIVE_INFINITY): string {
  const lowerCase = lowerCaseAscii(html);
  let text = '';
  let at = 0;
  while (at < html.length && text.length < maxChars) {
    const open = html.indexOf('<', at);
    const textEnd = open < 0 ? html.length : open;
    text += decodeEntities(html.slice(at, textEnd)).replace(/\s+/g, ' ');
    if (open < 0) break;
    const [end, replacement] = readMarkup(lowerCase, open);
    text += replacement;
    at = end;
  }
  return text.slice(0, maxChars);
}

/** Offsets must stay: in other scripts a letter may change its length with its case. */
function lowerCaseAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Where the markup at `open` ends, and what stands for it. Markup that has no end reaches to the end of the text. */
function readMarkup(lowerCase: string, open: number): [end: number, replacement: string] {
  if (lowerCase.startsWith('<!--', open)) return [after(lowerCase, '-->', open + 4), ''];
  if (!/[a-z/!?]/.test(lowerCase.charAt(open + 1))) return [open + 1, '<'];
  const tagEnd = after(lowerCase, '>', open);
  const tag = lowerCase.slice(open + 1, Math.min(tagEnd, open + 20));
  const hidden = HIDDEN_ELEMENTS.find((name) => tag.startsWith(name) && !/[a-z0-9]/.test(tag.charAt(name.length)));
  if (hidden !== undefined) return [after(lowerCase, '>', lowerCase.indexOf(`</${hidden}`, tagEnd)), ' '];
  return [tagEnd, BLOCK_TAG.test(tag) ? '\n' : ''];
}

function after(text: string, mark: string, from: number): number {
  const at = from < 0 ? -1 : text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));?/g, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? entity;
    const codePoint = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : ' ';
  });
}
