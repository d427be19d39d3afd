// Mail addresses as account names and forward paths: RFC 5321 §4.1.2 dot-string local parts, with UTF-8 (RFC 6531).
// Quoted local parts are legal in mail and are carried in messages untouched, but name no account here.

import type { Brand } from './brand.js';
import { ModelError } from './errors/model-error.js';

/** `local@domain`, domain in lower-case A-label form, local part as given. */
export type MailAddress = Brand<string, 'MailAddress'>;

/** RFC 5321 §4.5.3.1.3: a path has at most 256 octets with its angle brackets. */
export const MAX_ADDRESS_BYTES = 254;

const LOCAL_PART = /^[^\s"(),:;<>@[\\\]\u0000-\u001f\u007f]{1,64}$/u;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Parses a bare address. @throws {ModelError} "invalidAddress" */
export function parseMailAddress(text: string): MailAddress {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = domainToAscii(text.slice(at + 1));
  const dotsMisplaced = local.startsWith('.') || local.endsWith('.') || local.includes('..');
  if (at < 1 || !LOCAL_PART.test(local) || dotsMisplaced || !DOMAIN.test(domain)) throw new ModelError('invalidAddress', 'not a mail address');
  const address = `${local}@${domain}`;
  if (new TextEncoder().encode(address).length > MAX_ADDRESS_BYTES) throw new ModelError('invalidAddress', 'not a mail address: too long');
  return address as MailAddress;
}

/**
 * The form under which addresses are compared and accounts are found: local part folded to lower case.
 * RFC 5321 §2.4 lets only the receiving host decide about case; ours folds, and so does everybody else in practice.
 */
export function canonicalAddress(address: MailAddress): MailAddress {
  return address.normalize('NFC').toLowerCase() as MailAddress;
}

export function localPartOf(address: MailAddress): string {
  return address.slice(0, address.lastIndexOf('@'));
}

export function domainOf(address: MailAddress): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function domainToAscii(domain: string): string {
  if (/^[\x21-\x7e]*$/.test(domain)) return domain.toLowerCase();
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return '';
  }
}
