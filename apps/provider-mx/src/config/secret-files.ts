// Secrets in files of their own, mode 0600: the delivery key, the queue key and the DKIM keys, made at the first start, and the token of
// the services API, which provider-sync knows. None of them is in the database.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Redacted } from '@paloma/shared-model';
import { StartError, readOrCreateSecretFile, readTokenFile } from '@paloma/provider-runtime';
import { loadDkimKeys, type DkimKey } from '../dkim/dkim-key.js';
import type { Configuration } from './configuration.js';

const KEY_BYTES = 32;

/** Makes incoming item ids (docs/protocol/services-api.md §3). Losing it costs no mail; a message then repeated is doubled. */
export type DeliveryKey = Redacted<Uint8Array>;
/** Seals the outgoing queue. Losing it loses the messages that are in the queue. */
export type QueueKey = Redacted<Uint8Array>;

export interface Secrets {
  deliveryKey: DeliveryKey;
  queueKey: QueueKey;
  dkimKeys: readonly DkimKey[];
  serviceToken: Redacted<string>;
}

/** @throws {StartError} "filesUnusable" */
export function loadSecrets({ stateDirectory, services }: Pick<Configuration, 'stateDirectory' | 'services'>): Secrets {
  return { deliveryKey: loadDeliveryKey(stateDirectory), queueKey: loadQueueKey(stateDirectory), dkimKeys: loadDkimKeys(stateDirectory), serviceToken: loadServiceToken(services.tokenFile) };
}

/** @throws {StartError} "filesUnusable" */
export function loadDeliveryKey(stateDirectory: string): DeliveryKey {
  return loadKey(stateDirectory, 'delivery-key');
}

/** @throws {StartError} "filesUnusable" */
export function loadQueueKey(stateDirectory: string): QueueKey {
  return loadKey(stateDirectory, 'queue-key');
}

/** The first token of the file. @throws {StartError} "filesUnusable" */
export function loadServiceToken(file: string): Redacted<string> {
  return new Redacted(readTokenFile(file)[0]);
}

function loadKey(stateDirectory: string, name: string): Redacted<Uint8Array> {
  const file = join(stateDirectory, name);
  const key = new Uint8Array(readOrCreateSecretFile(file, () => randomBytes(KEY_BYTES)));
  if (key.length !== KEY_BYTES) throw new StartError('filesUnusable', `the key file ${file} is damaged: it does not hold ${KEY_BYTES} bytes`);
  return new Redacted(key);
}
