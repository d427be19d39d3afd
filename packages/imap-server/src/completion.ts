/** How a command ended: the tagged answer without its tag. RFC 3501 §7.1. */
export interface Completion {
  status: 'OK' | 'NO' | 'BAD';
  /** Response code without brackets, e.g. `TRYCREATE` (RFC 3501 §7.1, RFC 5530). */
  code?: string;
  text: string;
}

export const ok = (text: string, code?: string): Completion => ({ status: 'OK', text, ...(code && { code }) });
export const no = (text: string, code?: string): Completion => ({ status: 'NO', text, ...(code && { code }) });
export const bad = (text: string, code?: string): Completion => ({ status: 'BAD', text, ...(code && { code }) });

/** `OK [READ-WRITE] mailbox selected` */
export function formatCompletion({ status, code, text }: Completion): string {
  return `${status} ${code ? `[${code}] ` : ''}${text}`;
}
