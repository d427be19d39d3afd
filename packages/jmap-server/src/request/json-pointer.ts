// JSON Pointer (RFC 6901) with the `*` of RFC 8620 §3.7, which maps over an array and flattens what it finds.

import { isJsonObject } from '../json.js';

export type PointerResult = { found: true; value: unknown } | { found: false };

const NOT_FOUND: PointerResult = { found: false };

export function evaluatePointer(root: unknown, pointer: string): PointerResult {
  if (pointer === '') return { found: true, value: root };
  if (!pointer.startsWith('/')) return NOT_FOUND;
  return follow(root, pointerTokens(pointer.slice(1)));
}

/** Reference tokens, unescaped. RFC 6901 §4: `~1` before `~0`. */
export function pointerTokens(path: string): string[] {
  return path.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function follow(value: unknown, tokens: readonly string[]): PointerResult {
  const [token, ...rest] = tokens;
  if (token === undefined) return { found: true, value };
  if (Array.isArray(value)) return token === '*' ? mapOver(value, rest) : followIndex(value, token, rest);
  if (isJsonObject(value) && Object.hasOwn(value, token)) return follow(value[token], rest);
  return NOT_FOUND;
}

function followIndex(array: readonly unknown[], token: string, rest: readonly string[]): PointerResult {
  // array-index = %x30 / ( %x31-39 *(%x30-39) )     RFC 6901 §4
  if (!/^(?:0|[1-9]\d{0,8})$/.test(token) || Number(token) >= array.length) return NOT_FOUND;
  return follow(array[Number(token)], rest);
}

function mapOver(array: readonly unknown[], rest: readonly string[]): PointerResult {
  const results: unknown[] = [];
  for (const item of array) {
    const result = follow(item, rest);
    if (!result.found) return NOT_FOUND;
    if (Array.isArray(result.value)) for (const inner of result.value) results.push(inner);
    else results.push(result.value);
  }
  return { found: true, value: results };
}
