// The script of the mail view, the only one its policy lets run. It waits for one message to show, shows it, and reports
// height, links and keys to the app. It has an opaque origin: no storage, no cookies, no way to read the app.

import type { FrameMessage, ShowContent } from './frame-message.js';
import { renderPlainText } from './plain-text.js';
import { sanitiseMail } from './sanitise-mail.js';

/** To whom: the origin of the app is not known here, and nothing in these messages is secret from the page around us. */
const report = (message: FrameMessage): void => parent.postMessage(message, '*');

function show({ content, scheme }: ShowContent): void {
  if (content.type === 'text') return showText(content.text, scheme);
  const { content: mail, bodyStyle, blockedCount } = sanitiseMail(content.html, content.inlineImages);
  document.body.style.cssText = bodyStyle;
  document.body.replaceChildren(mail);
  // A mail without colours of its own takes ours; any other was made for white paper.
  document.documentElement.className = hasColours() ? 'light paper' : scheme;
  report({ kind: 'blocked', count: blockedCount });
}

function showText(text: string, scheme: ShowContent['scheme']): void {
  document.body.replaceChildren(renderPlainText(text));
  document.documentElement.className = scheme;
  report({ kind: 'blocked', count: 0 });
}

const COLOURED = 'style, [style*="color"], [style*="background"], [bgcolor], [color]';

function hasColours(): boolean {
  return document.body.style.length > 0 || document.body.querySelector(COLOURED) !== null;
}

addEventListener('message', (event: MessageEvent<ShowContent>) => {
  if (event.source === parent && event.data?.kind === 'show') show(event.data);
});

/** Nothing is ever opened from here, whatever button or key is used. */
function reportLink(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!link) return;
  event.preventDefault();
  if (event.type !== 'auxclick' || (event as MouseEvent).button === 1) {
    report({ kind: 'link', url: link.getAttribute('href') ?? '', text: link.textContent ?? '' });
  }
}
for (const type of ['click', 'auxclick']) addEventListener(type, reportLink, true);

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' || event.key.length === 1 && event.key !== ' ') report({ kind: 'key', key: event.key });
});

new ResizeObserver(() => report({ kind: 'height', heightPx: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
report({ kind: 'ready' });
