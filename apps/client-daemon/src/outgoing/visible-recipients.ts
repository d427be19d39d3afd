import { canonicalAddress, type MailAddress } from '@paloma/shared-model';
import { fieldsNamed, flattenAddresses, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';
import { mailAddressOrNull } from '../mail-address-or-null.js';

/** Canonical addresses in To and Cc, which every reader sees; whoever else gets the message is a blind recipient. */
export function visibleRecipients(message: Uint8Array): ReadonlySet<MailAddress> {
  const fields = parseHeaderBlock(message, Number.POSITIVE_INFINITY);
  const lists = ['To', 'Cc'].flatMap((name) => fieldsNamed(fields, name));
  const addresses = lists.flatMap(({ text }) => flattenAddresses(parseAddressList(text)));
  return new Set(addresses.flatMap(({ address }) => mailAddressOrNull(address) ?? []).map(canonicalAddress));
}
