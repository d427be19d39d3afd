// How a server keeps and compares secrets it handed out: hashed, and without telling by time how much was right.

import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a random token. Enough for 256 random bits; never for anything a person chose. */
export function hashToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token, 'utf8').digest());
}

/** Compares content; time depends on the lengths alone. Text is compared as UTF-8. */
export function equalInConstantTime(a: Uint8Array | string, b: Uint8Array | string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
