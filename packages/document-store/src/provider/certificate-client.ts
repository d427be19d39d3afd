import type { MailAddress } from '@paloma/shared-model';
import { usersPaths } from '@paloma/sync-protocol';
import type { ProviderConnection } from './provider-connection.js';

/** Publishes the account's own certificate in the provider's directory, docs/protocol/accounts.md §4. */
export class CertificateClient {
  constructor(private readonly connection: ProviderConnection) {}

  /** `certificate`: binary transferable public key (RFC 9580 §10.1) with `address` in a user id; replaces the one before. */
  async put(address: MailAddress, certificate: Uint8Array): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' };
    await (await this.connection.send({ method: 'PUT', path: usersPaths.certificate(address), headers, body: certificate })).discard();
  }
}
