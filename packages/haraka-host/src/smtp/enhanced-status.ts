// Enhanced status codes, RFC 3463. smtp-server derives one from the reply code alone, and a refusal by policy would say "bad mailbox".

import type { Refusal } from '../hooks/refusal.js';

const ENHANCED_STATUS = /^[245]\.\d{1,3}\.\d{1,3} /;

/** Whether a reply brings its own. */
export function hasStatus(text: string | string[] | null | undefined): boolean {
  return ENHANCED_STATUS.test([text ?? ''].flat()[0] ?? '');
}

/** RFC 3463 §3.8: what a plugin refuses without saying more is policy. */
export function withPolicyStatus({ code, text, disconnects }: Refusal): Refusal {
  const withStatus = (line: string): string => (ENHANCED_STATUS.test(line) ? line : `${code < 500 ? 4 : 5}.7.1 ${line}`);
  return { code, text: Array.isArray(text) ? text.map(withStatus) : withStatus(text), disconnects };
}
