// Legacy display elements, RFC 9788 §4.5.3: programs that know no header protection are shown the protected fields once more, at the
// beginning of the text. A reader that shows the protected fields leaves them out; the octets of the message stay.
//
// A part says by a parameter that it has one, and counts where header protection does. Whoever writes these parameters into a message that is
// not protected hides words of his own.

import type { MessagePart } from '@paloma/shared-model';
import { selectBodyParts } from './select-body-parts.js';

/** The first element of the body with its attributes, behind what may stand before it. Each part of it ends at the next `>`: no text takes long. */
const FIRST_DIV = /^(\s*(?:<!doctype[^>]*>\s*)?(?:<html\b[^>]*>\s*)?(?:<head\b[^>]*>[^]*?<\/head\s*>\s*)?(?:<body\b[^>]*>\s*)?)<div\b([^>]*)>/i;
const IS_LEGACY_DISPLAY = /\bclass\s*=\s*["']?header-protection-legacy-display(?:["'\s/]|$)/i;

/** The text of a part as a reader is to see it. `text`: decoded, of this part of the message with this root, and perhaps cut off at its end. */
export function withoutLegacyDisplay(text: string, part: MessagePart, rootPart: MessagePart): string {
  if (part.parameters['hp-legacy-display'] !== '1' || !isMainText(part, rootPart)) return text;
  return part.mediaType === 'text/html' ? withoutElement(text) : withoutLeadingLines(text);
}

/** RFC 9788 §4.5.3.1: a main body part of what is signed or encrypted with its fields. */
function isMainText(part: MessagePart, rootPart: MessagePart): boolean {
  const payload = rootPart.mediaType === 'multipart/signed' ? rootPart.children[0] : rootPart;
  if (payload?.parameters['hp'] === undefined) return false;
  const { textBody, htmlBody } = selectBodyParts(rootPart);
  return [textBody[0], htmlBody[0]].some((main) => main?.partNumber === part.partNumber);
}

/** RFC 9788 §4.5.3.2: up to the first empty line, and with it. */
function withoutLeadingLines(text: string): string {
  const end = /(?:^|\n)\r?\n/.exec(text);
  return end ? text.slice(end.index + end[0].length) : text;
}

/** RFC 9788 §4.5.3.3: the `div` at the beginning of the body. */
function withoutElement(html: string): string {
  const [opening = '', before = '', attributes = ''] = FIRST_DIV.exec(html) ?? [];
  const end = IS_LEGACY_DISPLAY.test(attributes) ? endOfDiv(html, opening.length) : null;
  return end === null ? html : before + html.slice(end);
}

/** Behind the end tag that belongs to an element whose content begins at `from`; null where there is none. */
function endOfDiv(html: string, from: number): number | null {
  let depth = 1;
  for (const { 1: slash, index } of html.slice(from).matchAll(/<(\/?)div\b/gi)) {
    depth += slash === '/' ? -1 : 1;
    if (depth === 0) return html.indexOf('>', from + index) + 1 || null;
  }
  return null;
}
