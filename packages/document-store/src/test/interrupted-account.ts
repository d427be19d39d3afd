// Runs as a process of its own: a device that does one thing to its account and kills itself at the step named, as a crash would.

import { join } from 'node:path';
import { Redacted, parseBlobNamespace, parseMailAddress, systemClock } from '@paloma/shared-model';
import { systemRandom } from '@paloma/crypto/public';
import { parseRecoveryCode } from '@paloma/crypto/secret';
import { AccountVault } from '../account/account-vault.js';
import type { UnlockedAccount } from '../account/local-vault.js';
import { openDocumentStore } from '../local/local-document-store.js';
import { HttpsSyncTransport } from '../provider/https-sync-transport.js';
import { ProviderConnection } from '../provider/provider-connection.js';
import { BlobReplacementClient } from '../resealing/blob-replacement-client.js';
import { Resealing } from '../resealing/resealing.js';
import { SyncEngine } from '../sync/sync-engine.js';
import { nameProjection } from './name-projection.js';
import { WEAK_STRETCHING } from './weak-stretching.js';

export const ADDRESS = parseMailAddress('ana@example.org');
export const PASSPHRASE = new Redacted('correct horse');
export const NEW_PASSPHRASE = new Redacted('battery staple');
export const NAMESPACE = parseBlobNamespace('mail');
/** In the directory of a device. */
export const pathsIn = (directory: string) => ({ secretsPath: join(directory, 'secrets.json'), storePath: join(directory, 'store.db') });

/** A step may be reached several times; the process ends when it is reached for the n-th. */
type Reach = (step: string) => void;

/** An unlocked account with its store and engine, as it is after every start. The caller closes the store. */
export function interruptibleDevice(directory: string, account: UnlockedAccount, session: ProviderConnection, reach: Reach = () => {}, projectionVersion = 1) {
  const { keys, accountId } = account;
  const apply: typeof nameProjection.apply = (changes, sql) => {
    for (const change of changes) {
      nameProjection.apply([change], sql);
      reach('projecting');
    }
  };
  const store = openDocumentStore({
    path: pathsIn(directory).storePath, databaseKey: keys.localDatabaseKey(), keys, accountId, random: systemRandom, projections: [{ ...nameProjection, version: projectionVersion, apply }],
  });
  const engine = new SyncEngine({ store, transport: new ReachingTransport(session, reach), clock: systemClock, random: systemRandom });
  const client = new BlobReplacementClient(session);
  const resealing = new Resealing({
    store, transport: new HttpsSyncTransport(session), namespaces: [NAMESPACE], random: systemRandom,
    sync: async () => {
      const report = await engine.sync();
      reach('groupResealed');
      return report;
    },
    replacement: { replace: async (...blob) => {
      const isReplaced = await client.replace(...blob);
      reach('blobResealed');
      return isReplaced;
    } },
  });
  return { store, engine, resealing };
}

class ReachingTransport extends HttpsSyncTransport {
  constructor(connection: ProviderConnection, private readonly reach: Reach) {
    super(connection);
  }

  override async uploadBlobs(...blobs: Parameters<HttpsSyncTransport['uploadBlobs']>): ReturnType<HttpsSyncTransport['uploadBlobs']> {
    const outcomes = await super.uploadBlobs(...blobs);
    this.reach('blobsUploaded');
    return outcomes;
  }

  override async push(...batch: Parameters<HttpsSyncTransport['push']>): ReturnType<HttpsSyncTransport['push']> {
    const answer = await super.push(...batch);
    this.reach('pushed');
    return answer;
  }
}

async function run(work: string, apiUrl: string, directory: string, token: string, code: string, reach: Reach): Promise<void> {
  const vault = new AccountVault({ secretsPath: pathsIn(directory).secretsPath, random: systemRandom, onStep: reach, stretchingOfTests: WEAK_STRETCHING });
  const connection = new ProviderConnection({ apiUrl });
  if (work === 'recover') {
    const parsed = parseRecoveryCode(code);
    if (parsed.ok) await vault.recover(connection, ADDRESS, parsed.code, NEW_PASSPHRASE);
    return;
  }
  const unlocked = await vault.unlock(PASSPHRASE);
  if (!unlocked.ok) throw new Error(unlocked.refusal);
  const session = connection.withSession(new Redacted(token));
  const { store, engine, resealing } = interruptibleDevice(directory, unlocked.account, session, reach, work === 'rebuild' ? 2 : 1);
  const account = { ...unlocked.account, replicaUid: store.replicaUid };
  if (work === 'sync') await engine.sync();
  if (work === 'retire') await vault.retireRootsBefore(session, account, 2);
  if (work === 'rotate' || work === 'lockOut') {
    resealing.announce(2);
    reach('announced');
  }
  if (work === 'rotate') await vault.rotate(session, account);
  if (work === 'lockOut') await vault.rotateLockingOut(session, { address: ADDRESS, passphrase: PASSPHRASE }, account);
  reach('rotated');
  await resealing.resume();
}

const [, script, work, fatalStep, apiUrl, directory, token, code] = process.argv as (string | undefined)[];
if (script === import.meta.filename && work && fatalStep && apiUrl && directory) {
  const [step, times = '1'] = fatalStep.split('*');
  let left = Number(times);
  await run(work, apiUrl, directory, token ?? '', code ?? '', (reached) => {
    if (reached === step && --left === 0) process.kill(process.pid, 'SIGKILL');
  });
  process.exit(0);
}
