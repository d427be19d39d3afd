// The identities that both ends of OPAQUE bind into the exchange (RFC 9807 §4): the canonical address, and its domain as the
// server's name. Both follow from the address, so that no end can be configured to disagree.

import { canonicalAddress, domainOf, type MailAddress } from '@paloma/shared-model';

export function opaqueIdentities(address: MailAddress): { client: string; server: string } {
  const client = canonicalAddress(address);
  return { client, server: domainOf(client) };
}
