// Where certificates are looked up: the own provider for addresses of its domain, the domain's own directory (WKD) for others.

import { domainOf, localPartOf, type MailAddress } from '@paloma/shared-model';
import { splitCertificates, wkdHash } from '@paloma/crypto/public';
import { StoreError, type ProviderConnection } from '@paloma/document-store';
import { systemHostResolver, wkdDirectory, type CertificateDirectory, type DirectoryAnswer, type Fetch } from '@paloma/keyring';

export interface KeyDirectoryOptions {
  connection: ProviderConnection;
  /** Domain that the own provider is responsible for. */
  providerDomain: string;
  fetch: Fetch;
  /** Domain → origin (`https://host:port`) of its directory, where it is not where the draft puts it. */
  routes: Readonly<Record<string, string>>;
}

export function keyDirectory({ connection, providerDomain, fetch, routes }: KeyDirectoryOptions): CertificateDirectory {
  const worldwide = wkdDirectory(routedFetch(fetch, routes), { hostResolver: systemHostResolver() });
  return { lookUp: (address) => (domainOf(address) === providerDomain ? askProvider(connection, address) : worldwide.lookUp(address)) };
}

async function askProvider(connection: ProviderConnection, address: MailAddress): Promise<DirectoryAnswer> {
  const localPart = localPartOf(address);
  try {
    const answer = await connection.send({ method: 'GET', path: `/.well-known/openpgpkey/hu/${wkdHash(localPart)}?l=${encodeURIComponent(localPart)}` });
    const found = await splitCertificates(await answer.octets());
    return found.length > 0 ? { found, source: 'ownProvider' } : 'lookupFailed';
  } catch (error) {
    if (error instanceof StoreError) return error.code === 'notFound' ? 'noKey' : 'lookupFailed';
    throw error;
  }
}

function routedFetch(fetch: Fetch, routes: Readonly<Record<string, string>>): Fetch {
  return (url, init) => {
    const { hostname, pathname, search } = new URL(url);
    const origin = routes[hostname];
    return fetch(origin === undefined ? url : `${origin}${pathname}${search}`, init);
  };
}
