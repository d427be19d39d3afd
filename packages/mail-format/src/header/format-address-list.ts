import { MailFormatError } from '../mail-format-error.js';
import { quoteString } from './address-list.js';
import { encodeHeaderText, encodeWords } from './encode-header-text.js';

export interface AddressInput {
  name?: string | null;
  /** `local@domain`; UTF-8 is let pass (RFC 6532). */
  address: string;
}

/** Addresses as a From, To or Cc value, not folded. @throws {MailFormatError} "invalidAddress" */
export function formatAddressList(addresses: readonly AddressInput[]): string {
  return addresses.map(formatAddress).join(', ');
}

function formatAddress({ name, address }: AddressInput): string {
  // A local part may be a quoted string; nothing else may hold what separates addresses.
  if (!/^(?:"(?:[^"\\\r\n\0]|\\[^\r\n\0])*"|[^\s"(),:;<>@\0]+)@[^\s"(),:;<>@\0]+$/.test(address)) {
    throw new MailFormatError('invalidAddress', 'not an address that a header field can hold');
  }
  const displayName = (name ?? '').trim();
  return displayName === '' ? address : `${formatDisplayName(displayName)} <${address}>`;
}

/** `display-name`, RFC 5322 §3.4: atoms, or a quoted string, or encoded-words where the text is not ASCII. */
function formatDisplayName(name: string): string {
  if (/^[\w!#$%&'*+/=?^`{|}~ -]*$/.test(name)) return encodeHeaderText(name);
  const isAscii = /^[\x20-\x7e]*$/.test(name) && !name.includes('=?');
  return isAscii ? quoteString(name) : encodeWords(name.replace(/[\r\n\0]+/g, ' '));
}
