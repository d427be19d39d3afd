// The account's session at the provider: the token in force, kept in the encrypted store, renewed with the passphrase when it
// has ended.

import type { Redacted } from '@paloma/shared-model';
import { AccountsClient, type Credentials, type LocalDocumentStore, type ProviderConnection } from '@paloma/document-store';
import { DaemonError } from '../daemon-error.js';

/** Makes sure that there is a session, when the provider can be reached. Without network the old token is good enough. */
export async function ensureSession(store: LocalDocumentStore, connection: ProviderConnection, credentials: Credentials): Promise<Redacted<string>> {
  const known = store.loadSession();
  if (known && await isAlive(connection.withSession(known))) return known;
  const outcome = await new AccountsClient(connection).logIn(credentials, store.replicaUid);
  if (!outcome.ok) throw new DaemonError('wrongPassphrase', 'The provider does not take this passphrase: it was changed on another device, or too many attempts were made; try again.');
  store.saveSession(outcome.login.token);
  return outcome.login.token;
}

/** True also when the provider did not answer. */
async function isAlive(connection: ProviderConnection): Promise<boolean> {
  return new AccountsClient(connection).currentSession().then((session) => session !== null, () => true);
}
