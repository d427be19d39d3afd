// HTML of a mail made harmless, inside the frame: the parser that cleans is the parser that shows. HTML only (no SVG, no
// MathML), no forms, no media, nothing remote. Every rewrite happens in DOMPurify's hooks; what comes out is not touched again.
// The frame's sandbox and policy hold even if all of this fails.

import DOMPurify, { type Config, type UponSanitizeAttributeHookEvent } from 'dompurify';
import { cleanDeclarations, cleanStylesheet, countRemoteReferences } from './mail-style.js';

export interface SanitisedMail {
  /** `<style>` elements and the content of the body, ready to be put into a document. */
  content: DocumentFragment;
  /** Declarations for the body itself. */
  bodyStyle: string;
  /** Things that would have been fetched from elsewhere. */
  blockedCount: number;
}

const CONFIG = {
  USE_PROFILES: { html: true },
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // DOMPurify asks this of every attribute, so what is no URL at all must pass: `100%`, `center`, `/path`.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
  FORBID_TAGS: [
    'form', 'input', 'button', 'select', 'option', 'optgroup', 'textarea', 'fieldset', 'legend', 'label', 'datalist', 'output', 'meter',
    'progress', 'dialog', 'audio', 'video', 'source', 'track', 'picture', 'map', 'area', 'meta', 'link', 'base', 'template', 'slot', 'marquee',
  ],
  // Without `id` and `name` nothing in a mail can take the place of a property of the document (DOM clobbering).
  FORBID_ATTR: [
    'id', 'name', 'srcset', 'sizes', 'poster', 'usemap', 'ismap', 'autofocus', 'tabindex', 'accesskey', 'contenteditable',
    'draggable', 'popover', 'popovertarget', 'popovertargetaction', 'download', 'ping', 'target', 'xmlns', 'is', 'part', 'exportparts',
  ],
} satisfies Config;

const REMOTE_URL = /^\s*(?:https?:)?\/\//i;
/** SVG is not here: it is a document, not a picture. */
const RASTER_DATA_URL = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]*$/i;
/** Attributes that fetch, apart from `src`, which may also name an inline image. */
const FETCHING_ATTRIBUTES: ReadonlySet<string> = new Set(['background', 'srcset', 'poster', 'lowsrc', 'dynsrc', 'data']);

export function sanitiseMail(html: string, inlineImages: Readonly<Record<string, string>>): SanitisedMail {
  const purify = DOMPurify(window);
  let blockedCount = 0;

  purify.addHook('uponSanitizeElement', (node) => {
    if (!(node instanceof Element) || node.localName !== 'style') return;
    blockedCount += countRemoteReferences(node.textContent ?? '');
    node.textContent = cleanStylesheet(node.textContent ?? '');
  });
  purify.addHook('uponSanitizeAttribute', (_node, attribute) => {
    blockedCount += cleanAttribute(attribute, inlineImages);
  });

  const root = purify.sanitize(html, CONFIG);
  return { ...takeApart(root), blockedCount };
}

/** Returns how many remote things the attribute would have fetched. */
function cleanAttribute(attribute: UponSanitizeAttributeHookEvent, inlineImages: Readonly<Record<string, string>>): number {
  const { attrName, attrValue } = attribute;
  if (attrName === 'style') {
    attribute.attrValue = cleanDeclarations(attrValue);
    return countRemoteReferences(attrValue);
  }
  if (attrName === 'src') return cleanSource(attribute, inlineImages);
  if (!FETCHING_ATTRIBUTES.has(attrName)) return 0;
  attribute.keepAttr = false;
  return REMOTE_URL.test(attrValue) ? 1 : 0;
}

function cleanSource(attribute: UponSanitizeAttributeHookEvent, inlineImages: Readonly<Record<string, string>>): number {
  const source = attribute.attrValue.trim();
  const cid = /^cid:(.+)$/i.exec(source)?.[1];
  const url = cid === undefined ? source : inlineImages[decodeCid(cid)] ?? '';
  if (RASTER_DATA_URL.test(url)) {
    attribute.attrValue = url;
    return 0;
  }
  attribute.keepAttr = false;
  return REMOTE_URL.test(source) ? 1 : 0;
}

/** RFC 2392 §2: the Content-ID is percent-encoded in the URL. */
function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}

function takeApart(root: Node): { content: DocumentFragment; bodyStyle: string } {
  const content = document.createDocumentFragment();
  if (!(root instanceof Element)) return { content, bodyStyle: '' };
  const body = root.querySelector('body');
  content.append(...root.querySelectorAll('head > style'), ...(body?.childNodes ?? []));
  const background = body?.getAttribute('bgcolor');
  const bodyStyle = `${background ? `background-color:${cleanColor(background)};` : ''}${body?.getAttribute('style') ?? ''}`;
  return { content, bodyStyle };
}

const cleanColor = (text: string): string => (/^#?\w{1,30}$/.test(text) ? text : 'transparent');
