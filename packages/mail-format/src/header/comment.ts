/** Text without its comments, RFC 5322 §3.2.2; each becomes a space. Quoted strings stay as they are. */
export function stripComments(text: string): string {
  let depth = 0;
  let isQuoted = false;
  let stripped = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') {
      if (depth === 0) stripped += text.slice(at, at + 2);
      at += 1;
    } else if (character === '(' && !isQuoted) {
      depth += 1;
      stripped += depth === 1 ? ' ' : '';
    } else if (character === ')' && depth > 0) {
      depth -= 1;
    } else if (depth === 0) {
      if (character === '"') isQuoted = !isQuoted;
      stripped += character;
    }
  }
  return stripped;
}
