// The identities that both ends of OPAQUE bind into the exchange (RFC 9807 §4): the canonical address, and its domain as the
// server's name. Both follow from the address, so that no end can be configured to disagree. An account has up to two
// credentials; that of the recovery code stands under a name that no address can have, because of its colon.

import { canonicalAddress, domainOf, type MailAddress } from '@paloma/shared-model';

export type CredentialKind = 'passphrase' | 'recovery';

export function opaqueIdentities(address: MailAddress, kind: CredentialKind = 'passphrase'): { client: string; server: string } {
  const canonical = canonicalAddress(address);
  return { client: kind === 'recovery' ? `recovery:${canonical}` : canonical, server: domainOf(canonical) };
}
