/** Local parts that nobody may sign up for: mail to them concerns the provider (RFC 2142), or they could pass for it. */
const RESERVED_NAMES = new Set([
  'postmaster', 'hostmaster', 'webmaster', 'abuse', 'noc', 'security', 'info', 'support', 'sales', 'marketing',
  'root', 'admin', 'administrator', 'mailer-daemon', 'nobody', 'noreply', 'no-reply', 'daemon', 'system', 'paloma',
]);

export function isReservedName(localPart: string): boolean {
  return RESERVED_NAMES.has(localPart);
}
