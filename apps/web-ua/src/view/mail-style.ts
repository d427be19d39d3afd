// CSS of a mail, through the browser's own parser and back: properties by allow-list, no value that could fetch, follow
// the frame's height or read from elsewhere, no rule but plain ones and @media.

/** Layout and type. `position`, `content`, `cursor`, `animation`, `transition` and custom properties are not here. */
const ALLOWED_PROPERTY = new RegExp(`^(?:${[
  'color', 'opacity', 'visibility', 'display', 'float', 'clear', 'direction', 'unicode-bidi', 'box-sizing', 'vertical-align',
  '(?:min-|max-)?(?:width|height)', 'margin(?:-.+)?', 'padding(?:-.+)?', 'border(?:-.+)?', 'outline(?:-.+)?', 'background-.+',
  'font(?:-.+)?', 'text-.+', 'line-height', 'letter-spacing', 'word-.+', 'white-space(?:-.+)?', 'overflow-wrap', 'hyphens', 'tab-size',
  'list-style-(?:type|position)', 'table-layout', 'caption-side', 'empty-cells',
  'flex(?:-.+)?', 'order', '(?:row-|column-)?gap', '(?:align|justify|place)-.+',
].join('|')})$`);

/** Functions that fetch or refer, and units that follow the height of the frame, which follows the content. */
const FORBIDDEN_VALUE = /(?:url|src|image|image-set|cross-fade|element|paint|var|env|attr|expression)\(|\d(?:[dsl]?v(?:h|b|min|max))\b/i;
const REMOTE_VALUE = /(?:url|src|image-set)\(\s*(?:["']?\s*)(?:https?:)?\/\//gi;
/** @media may nest; deeper is not a mail but an attack. */
const MAX_RULE_DEPTH = 4;

export function countRemoteReferences(css: string): number {
  const imports = css.match(/@import\s+["']\s*(?:https?:)?\/\//gi) ?? [];
  return (css.match(REMOTE_VALUE) ?? []).length + imports.length;
}

/** `css`: the value of a style attribute. */
export function cleanDeclarations(css: string): string {
  const { style } = document.createElement('span');
  style.cssText = css;
  return keptDeclarations(style);
}

/** `css`: the text of a style element. */
export function cleanStylesheet(css: string): string {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return keptRules(sheet.cssRules, 0);
}

function keptRules(rules: CSSRuleList, depth: number): string {
  if (depth > MAX_RULE_DEPTH) return '';
  return [...rules].map((rule) => keptRule(rule, depth)).join('\n');
}

function keptRule(rule: CSSRule, depth: number): string {
  if (rule instanceof CSSStyleRule) return `${rule.selectorText}{${keptDeclarations(rule.style)}}`;
  // A mail is shown on its own light canvas, so its dark variant would be unreadable there.
  if (rule instanceof CSSMediaRule && !rule.conditionText.includes('prefers-color-scheme')) {
    return `@media ${rule.conditionText}{${keptRules(rule.cssRules, depth + 1)}}`;
  }
  return '';
}

function keptDeclarations(style: CSSStyleDeclaration): string {
  return [...style].flatMap((property) => {
    const value = style.getPropertyValue(property);
    if (!ALLOWED_PROPERTY.test(property) || FORBIDDEN_VALUE.test(value)) return [];
    const priority = style.getPropertyPriority(property);
    return [`${property}:${value}${priority ? ' !important' : ''}`];
  }).join(';');
}
