// Enhanced status codes, RFC 3463. smtp-server derives one from the reply code alone, and a refusal by policy would say "bad mailbox".

import { hasEnhancedStatus } from '@paloma/smtp-listener';
import type { Refusal } from '../hooks/refusal.js';

/** RFC 3463 §3.8: what a plugin refuses without saying more is policy. */
export function withPolicyStatus({ code, text, disconnects }: Refusal): Refusal {
  const withStatus = (line: string): string => (hasEnhancedStatus(line) ? line : `${code < 500 ? 4 : 5}.7.1 ${line}`);
  return { code, text: Array.isArray(text) ? text.map(withStatus) : withStatus(text), disconnects };
}
