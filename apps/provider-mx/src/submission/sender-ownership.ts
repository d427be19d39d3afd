import { flattenAddresses, fieldsNamed, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';
import { canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';

/**
 * Whether everybody whom the message claims to be from is the account: RFC 6409 §6.1. One From field with at least one
 * address, and perhaps one Sender field; a second of either could be the one that a reader is shown.
 */
export function ownsAuthorship(addresses: readonly MailAddress[], message: Uint8Array): boolean {
  const fields = parseHeaderBlock(message, Number.POSITIVE_INFINITY);
  const from = fieldsNamed(fields, 'From');
  const sender = fieldsNamed(fields, 'Sender');
  if (from.length !== 1 || sender.length > 1) return false;
  const claimed = [...from, ...sender].flatMap((field) => flattenAddresses(parseAddressList(field.text)));
  return claimed.length > 0 && claimed.every(({ address }) => ownsAddress(addresses, address));
}

/** Whether this is one of the account's addresses. The null reverse path is not: only servers send from it. */
export function ownsAddress(addresses: readonly MailAddress[], text: string): boolean {
  try {
    return addresses.includes(canonicalAddress(parseMailAddress(text)));
  } catch {
    return false;
  }
}
