import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { encodeUtf8 } from '../octets/octets.js';
import { walkParts } from '../structure/part-tree.js';
import { parseMessage } from '../structure/parse-message.js';
import { decodePartText } from './decode-part.js';
import { withoutLegacyDisplay } from './legacy-display.js';
import { previewText } from './preview-text.js';

const DIV = '<div class="header-protection-legacy-display"><pre>Subject: plans</pre></div>';
const CIPHER = '; hp="cipher"';
const LEGACY = '; hp-legacy-display="1"';
const plain = (text: string, parameters = LEGACY): string => `Content-Type: text/plain; charset=utf-8${parameters}\r\n\r\n${text}`;
const html = (text: string, parameters = LEGACY): string => plain(text, parameters).replace('text/plain', 'text/html');
const multipart = (subtype: string, parts: string[], parameters = '', boundary = 'b'): string =>
  `Content-Type: multipart/${subtype}; boundary=${boundary}${parameters}\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;

/** What is shown of each text part. */
function shown(message: string): string[] {
  const octets = encodeUtf8(message);
  const { rootPart } = parseMessage(octets);
  const texts = [...walkParts(rootPart)].filter(({ mediaType }) => mediaType.startsWith('text/'));
  return texts.map((part) => withoutLegacyDisplay(decodePartText(octets, part), part, rootPart));
}

describe('of a protected message a reader is not shown', () => {
  test.each<[string, string, string[]]>([
    ['the lines before the first empty one', plain('Subject: plans\r\nTo: b\r\n\r\nat noon\r\n\r\nbye', `${LEGACY}${CIPHER}`), ['at noon\r\n\r\nbye']],
    ['more than the empty line, where there is nothing before it', plain('\r\nat noon\r\n\r\nbye', `${LEGACY}${CIPHER}`), ['at noon\r\n\r\nbye']],
    ['the element at the beginning of the body', html(`<html><head><title>t</title></head><body>\n ${DIV}<p>at noon</p></body></html>`, `${LEGACY}${CIPHER}`), ['<html><head><title>t</title></head><body>\n <p>at noon</p></body></html>']],
    ['the element with others inside', html('<DIV CLASS=header-protection-legacy-display><div>a</div><DIV>b</DIV></DIV>x</div>', `${LEGACY}${CIPHER}`), ['x</div>']],
    ['either in an alternative', multipart('alternative', [plain('Subject: p\r\n\r\nat noon'), html(`<body>${DIV}at noon`)], CIPHER), ['at noon', '<body>at noon']],
    ['either in an alternative beside an attachment', multipart('mixed', [multipart('alternative', [plain('S\r\n\r\nat noon'), html(`${DIV}at noon`)], '', 'c'), plain('S\r\n\r\nnotes', `; name=n.txt${LEGACY}`)], CIPHER), ['at noon', 'at noon', 'S\r\n\r\nnotes']],
    ['those of what is signed', multipart('signed', [plain('S\r\n\r\nat noon', '; hp="clear"; hp-legacy-display=1'), 'Content-Type: application/pgp-signature\r\n\r\nx']), ['at noon']],
  ])('%s', (_what, message, texts) => {
    expect(shown(message)).toEqual(texts);
  });

  test('them in a preview', () => {
    const octets = encodeUtf8(plain('Subject: plans\r\n\r\nat noon', `${LEGACY}${CIPHER}`));
    expect(previewText(octets, parseMessage(octets).rootPart, 100)).toBe('at noon');
  });
});

describe('everything is shown', () => {
  test.each<[string, string]>([
    ['without header protection', plain('Subject: plans\r\n\r\nat noon')],
    ['without the parameter', plain('Subject: plans\r\n\r\nat noon', CIPHER)],
    ['with another value of it', plain('Subject: plans\r\n\r\nat noon', `; hp-legacy-display=0${CIPHER}`)],
    ['of a text without an empty line', plain('Subject: plans\r\nat noon\r\n', `${LEGACY}${CIPHER}`)],
    ['of an element that does not end', html(`${DIV.slice(0, -6)}at noon`, `${LEGACY}${CIPHER}`)],
    ['of an element further down', html(`<body><p>hello</p>${DIV}</body>`, `${LEGACY}${CIPHER}`)],
    ['of another element', html('<div class="x">at noon</div>', `${LEGACY}${CIPHER}`)],
  ])('%s', (_what, message) => {
    const octets = encodeUtf8(message);
    expect(shown(message)).toEqual([decodePartText(octets, parseMessage(octets).rootPart)]);
  });
});

property('hostile HTML takes no longer than it is long, and nothing comes out that did not go in', fc.constantFrom('<div', '<div>', '</div>', '<html>', '<head>', '<!doctype', 'class=', '<div class="header-protection-legacy-display"', ' '), (unit) => {
  const { rootPart } = parseMessage(encodeUtf8(html('', `${LEGACY}${CIPHER}`)));
  for (const beginning of ['', '<head>', '<div class="header-protection-legacy-display"', DIV.slice(0, 46)]) {
    const text = beginning + unit.repeat(100_000);
    expect(withoutLegacyDisplay(text, rootPart, rootPart).length).toBeLessThanOrEqual(text.length);
  }
}, { numRuns: 20 });
