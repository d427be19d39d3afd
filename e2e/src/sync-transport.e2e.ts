/** @jest-environment-options {"customExportConditions": ["paloma-device", "node", "node-addons"]} */
// The contract of the sync transport, over https, against a real provider-sync with a real database.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { AccountVault, HttpsSyncTransport, ProviderConnection } from '@paloma/document-store';
import { runSyncTransportContract } from '@paloma/document-store/contract';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { DOMAIN, World } from './harness/world.js';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };
const directory = mkdtempSync(join(tmpdir(), 'paloma-contract-'));
let world: World;
beforeAll(async () => { world = await World.start(); });
afterAll(async () => {
  await world.stop();
  rmSync(directory, { recursive: true, force: true });
});

runSyncTransportContract('a real provider', async () => {
  const connection = new ProviderConnection({ apiUrl: world.provider.publicUrl, certificateAuthorities: readFileSync(world.provider.tls.authorityFile, 'utf8') });
  const name = randomBytes(6).toString('hex');
  const vault = new AccountVault({ secretsPath: join(directory, `${name}.json`), random });
  const outcome = await vault.signUp(connection, { address: parseMailAddress(`${name}@${DOMAIN}`), passphrase: new Redacted('a passphrase') });
  if (!outcome.ok) throw new Error(`the sign-up was refused: ${outcome.refusal}`);
  return { transport: new HttpsSyncTransport(connection.withSession(outcome.account.token)), close: () => connection.close() };
});
