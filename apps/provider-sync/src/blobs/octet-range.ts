import type { OctetRange } from './blob-directory.js';

/**
 * One range of octets, RFC 9110 §14.1.2: `bytes=a-b`, `a-`, `-n`. Null: no range, several, or another unit, for which the
 * whole is the answer. "unsatisfiable": outside of the blob.
 */
export function parseOctetRange(header: string | undefined, entireBytes: number): OctetRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(entireBytes - Number(last), 0) : Number(first);
  const to = first === '' || last === '' ? entireBytes - 1 : Math.min(Number(last), entireBytes - 1);
  if (first !== '' && last !== '' && Number(last) < from) return null;   // malformed, so ignored
  return from >= entireBytes || to < from ? 'unsatisfiable' : { from, to };
}
