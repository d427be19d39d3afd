// What an account needs before mail can reach it: an own key whose certificate the provider publishes, and From addresses. Made
// on the first device; the others then find both. Which aliases there are, the provider says at each start.

import { canonicalAddress, domainOf, parseIdentityId, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import { AccountsClient, CertificateClient, type LocalDocumentStore, type ProviderConnection } from '@paloma/document-store';
import { compareLevels, type Keyring } from '@paloma/keyring';

const PRIMARY = parseIdentityId('primary');
/** A provider that names more could fill the key, which goes out with every mail. */
const MAX_ALIASES = 50;

export interface OwnIdentityOptions {
  store: LocalDocumentStore;
  keyring: Keyring;
  /** With the account's session. */
  connection: ProviderConnection;
  address: MailAddress;
}

/** Only to be called when the account's documents (class 0) are here, or a second key would be made. Publishing the same again changes nothing. */
export async function ensureOwnIdentity(options: OwnIdentityOptions, name: string): Promise<void> {
  const { store, keyring, connection, address } = options;
  if (!store.get('identity', PRIMARY)) {
    store.transact((transaction) => transaction.put('identity', PRIMARY, { identityId: PRIMARY, address, name, textSignature: '' }));
  }
  const ownName = store.get('identity', PRIMARY)?.content.name ?? name;
  const aliases = await aliasesOf(options);
  await keyring.ensureOwnKey({ address, name: ownName, aliases });
  settleIdentities(store, aliases, ownName);
  const certificates = new CertificateClient(connection);
  for (const own of [address, ...aliases]) await certificates.put(own, await keyring.ownCertificateFor(own));
}

/**
 * Those that the provider names and that may be the user's own (docs/protocol/keys.md §1): a lie about an address of somebody else would turn mail
 * for him into mail that nobody but the user can read.
 */
async function aliasesOf({ store, keyring, connection, address }: OwnIdentityOptions): Promise<MailAddress[]> {
  const session = await new AccountsClient(connection).currentSession();
  if (session === null) return knownAliases(store).map(({ alias }) => alias);
  const named = [...new Set(session.addresses.map(canonicalAddress))].filter((alias) => alias !== canonicalAddress(address) && domainOf(alias) === domainOf(canonicalAddress(address)));
  return named.filter((alias) => !isVouchedForByUser(keyring, alias)).slice(0, MAX_ALIASES);
}

/** The user himself has said whose key it is. */
function isVouchedForByUser(keyring: Keyring, alias: MailAddress): boolean {
  const trust = keyring.trustIn(alias);
  return trust !== null && compareLevels(trust.level, 'knownKey') >= 0;
}

/** An identity for each alias, and none for one that was taken away. */
function settleIdentities(store: LocalDocumentStore, aliases: readonly MailAddress[], name: string): void {
  const known = knownAliases(store);
  const gone = known.filter(({ alias }) => !aliases.includes(alias));
  const fresh = aliases.filter((alias) => !known.some((identity) => identity.alias === alias));
  if (gone.length + fresh.length === 0) return;
  store.transact((transaction) => {
    for (const { identityId } of gone) transaction.delete('identity', identityId);
    for (const alias of fresh) {
      const identityId = parseIdentityId(store.deriveId('identity', alias));   // the same on every device
      transaction.put('identity', identityId, { identityId, address: alias, name, textSignature: '' });
    }
  });
}

function knownAliases(store: LocalDocumentStore): { identityId: string; alias: MailAddress }[] {
  const others = store.list('identity').filter(({ content }) => content.identityId !== PRIMARY);
  return others.map(({ content: { identityId, address } }) => ({ identityId, alias: canonicalAddress(parseMailAddress(address)) }));
}
