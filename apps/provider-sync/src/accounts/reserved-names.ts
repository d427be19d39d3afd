import { domainOf, localPartOf, type MailAddress } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';

/** Local parts that nobody may sign up for: mail to them concerns the provider (RFC 2142), or they could pass for it. */
const RESERVED_NAMES = new Set([
  'postmaster', 'hostmaster', 'webmaster', 'abuse', 'noc', 'security', 'info', 'support', 'sales', 'marketing',
  'root', 'admin', 'administrator', 'mailer-daemon', 'nobody', 'noreply', 'no-reply', 'daemon', 'system', 'paloma',
]);

export function isReservedName(localPart: string): boolean {
  return RESERVED_NAMES.has(localPart);
}

/** Whose box mail for an address goes to: RFC 5321 §4.5.1 wants a postmaster, and the operator says who that is. Both canonical. */
export function boxAddressOf(address: MailAddress, { domain, reservedNames }: Configuration): MailAddress {
  const name = localPartOf(address);
  return domainOf(address) === domain && Object.hasOwn(reservedNames, name) ? reservedNames[name] ?? address : address;
}
