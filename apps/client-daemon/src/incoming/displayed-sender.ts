import type { MailAddress } from '@paloma/shared-model';
import { fieldsNamed, flattenAddresses, parseAddressList, type HeaderField } from '@paloma/mail-format';
import { mailAddressOrNull } from '../mail-address-or-null.js';

/** The one address in the one From field. With several, or none that is valid, nobody can be said to have signed. */
export function displayedSender(headers: readonly HeaderField[]): MailAddress | null {
  const from = fieldsNamed(headers, 'From');
  const addresses = from.flatMap(({ text }) => flattenAddresses(parseAddressList(text)));
  return from.length === 1 && addresses.length === 1 ? mailAddressOrNull(addresses[0]!.address) : null;
}
