// What an account needs before mail can reach it: an own key whose certificate the provider publishes, and a From address. Made
// on the first device; the others then find both.

import { parseIdentityId, type MailAddress } from '@paloma/shared-model';
import { CertificateClient, type LocalDocumentStore, type ProviderConnection } from '@paloma/document-store';
import type { Keyring } from '@paloma/keyring';

const PRIMARY = parseIdentityId('primary');

export interface OwnIdentityOptions {
  store: LocalDocumentStore;
  keyring: Keyring;
  connection: ProviderConnection;
  address: MailAddress;
}

/** Only to be called when the account's documents (class 0) are here, or a second key would be made. Publishing the same again changes nothing. */
export async function ensureOwnIdentity({ store, keyring, connection, address }: OwnIdentityOptions, name: string): Promise<void> {
  if (!store.get('identity', PRIMARY)) {
    store.transact((transaction) => transaction.put('identity', PRIMARY, { identityId: PRIMARY, address, name, textSignature: '' }));
  }
  const certificate = await keyring.ensureOwnKey({ address, name: store.get('identity', PRIMARY)?.content.name ?? name });
  await new CertificateClient(connection).put(address, certificate);
}
