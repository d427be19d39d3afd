import { createHash } from 'node:crypto';

/** Short name of a value's content, for state strings: equal content, equal name. 96 bits, base64url. */
export function contentDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}
