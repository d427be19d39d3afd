// Plain text as paragraphs: quoted parts by depth (RFC 3676 §4.5), the signature apart, addresses as links. Text nodes only.

import { linkify } from './linkify.js';

export interface TextBlock {
  kind: 'text' | 'signature';
  quoteDepth: number;
  text: string;
}

/** Deeper quotes are drawn as deep as this. */
const MAX_QUOTE_DEPTH = 5;

/** Neighbouring lines of one depth and kind are one block. */
export function splitBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let isSignature = false;
  for (const line of text.replaceAll('\r\n', '\n').trimEnd().split('\n')) {
    const [prefix = ''] = /^(?:> ?)*/.exec(line) ?? [];
    const quoteDepth = Math.min(prefix.replaceAll(' ', '').length, MAX_QUOTE_DEPTH);
    isSignature ||= line === '-- ';
    const kind = isSignature ? 'signature' : 'text';
    const last = blocks.at(-1);
    const content = line.slice(prefix.length);
    if (last && last.quoteDepth === quoteDepth && last.kind === kind) last.text += `\n${content}`;
    else blocks.push({ kind, quoteDepth, text: content });
  }
  return blocks;
}

export function renderPlainText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const block of splitBlocks(text)) {
    const element = document.createElement('div');
    element.className = block.kind === 'signature' ? 'signature' : `text quote-${block.quoteDepth}`;
    element.append(...linkify(block.text).map(({ text: run, url }) => (url === null ? run : linkTo(url, run))));
    fragment.append(element);
  }
  return fragment;
}

function linkTo(url: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = url;
  link.textContent = text;
  return link;
}
