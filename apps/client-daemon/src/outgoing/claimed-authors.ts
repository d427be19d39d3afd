import { fieldsNamed, flattenAddresses, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';

/**
 * Every address that a message claims to be written or sent by (RFC 5322 §3.6.2), From before Sender. `null` when it has not
 * exactly one From field with an address, or several Sender fields: the provider refuses those (RFC 6409 §6.1), and of two
 * fields nobody knows which one a reader is shown.
 */
export function claimedAuthors(message: Uint8Array): string[] | null {
  const fields = parseHeaderBlock(message, Number.POSITIVE_INFINITY);
  const [from, sender] = ['From', 'Sender'].map((name) => fieldsNamed(fields, name));
  if (from?.length !== 1 || !sender || sender.length > 1) return null;
  const authors = [...from, ...sender].flatMap(({ text }) => flattenAddresses(parseAddressList(text)));
  return authors.length > 0 ? authors.map(({ address }) => address) : null;
}
