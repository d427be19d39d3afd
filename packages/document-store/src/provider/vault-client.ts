import { usersPaths } from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import { absentWhen } from './absent-when.js';
import type { ProviderConnection } from './provider-connection.js';

/** docs/protocol/accounts.md §3. */
const MAX_VAULT_BYTES = 64 * 1024;

export interface StoredVault {
  vault: Uint8Array;
  /** To be named when the vault is replaced. */
  version: string;
}

/** The sealed vault at the provider, replaced only by whoever has seen the one before (docs/protocol/accounts.md §3). */
export class VaultClient {
  constructor(private readonly connection: ProviderConnection) {}

  /** Null before the first. */
  async get(): Promise<StoredVault | null> {
    const answer = await absentWhen('notFound', () => this.connection.send({ method: 'GET', path: usersPaths.vault }));
    if (!answer) return null;
    const version = /^"([^"]{1,64})"$/.exec(answer.header('etag') ?? '')?.[1];
    if (version === undefined) throw new StoreError('malformedAnswer', 'vault without a version');
    return { vault: await answer.octets(MAX_VAULT_BYTES), version };
  }

  /** False when another device was faster: `replaced` null means "the first vault of the account". */
  async put(vault: Uint8Array, replaced: string | null): Promise<boolean> {
    const condition: Record<string, string> = replaced === null ? { 'if-none-match': '*' } : { 'if-match': `"${replaced}"` };
    const headers = { 'content-type': 'application/octet-stream', ...condition };
    const answer = await absentWhen('preconditionFailed', () => this.connection.send({ method: 'PUT', path: usersPaths.vault, headers, body: vault }));
    await answer?.discard();
    return answer !== null;
  }
}
