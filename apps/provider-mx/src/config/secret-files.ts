// Secrets in files of their own, mode 0600: the delivery key and the queue key, made at the first start, and the token of
// the services API, which provider-sync knows. None of them is in the database.

import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redacted } from '@paloma/shared-model';
import { StartError } from '../start-error.js';
import type { Configuration } from './configuration.js';

const KEY_BYTES = 32;
/** 256 random bits in base64url. */
const MIN_TOKEN_CHARS = 43;

/** Makes incoming item ids (docs/protocol/services-api.md §3). Losing it costs no mail; a message then repeated is doubled. */
export type DeliveryKey = Redacted<Uint8Array>;
/** Seals the outgoing queue. Losing it loses the messages that are in the queue. */
export type QueueKey = Redacted<Uint8Array>;

export interface Secrets {
  deliveryKey: DeliveryKey;
  queueKey: QueueKey;
  serviceToken: Redacted<string>;
}

/** @throws {StartError} "filesUnusable" */
export function loadSecrets({ stateDirectory, services }: Pick<Configuration, 'stateDirectory' | 'services'>): Secrets {
  return { deliveryKey: loadDeliveryKey(stateDirectory), queueKey: loadQueueKey(stateDirectory), serviceToken: loadServiceToken(services.tokenFile) };
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
  const [token = ''] = readTokenFile(file).split('\n');
  if (token.trim().length < MIN_TOKEN_CHARS) throw new StartError('filesUnusable', `${file} must hold a service token of ${MIN_TOKEN_CHARS} characters or more`);
  return new Redacted(token.trim());
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartError('filesUnusable', `the service token file ${file} cannot be read`, { cause });
  }
}

function loadKey(stateDirectory: string, name: string): Redacted<Uint8Array> {
  const file = join(stateDirectory, name);
  const key = readOrCreateKey(stateDirectory, file);
  if (key.length !== KEY_BYTES) throw new StartError('filesUnusable', `the key file ${file} is damaged: it does not hold ${KEY_BYTES} bytes`);
  return new Redacted(key);
}

function readOrCreateKey(stateDirectory: string, file: string): Uint8Array {
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    return new Uint8Array(readIfThere(file) ?? create(file));
  } catch (cause) {
    throw new StartError('filesUnusable', `the key file ${file} can be neither read nor made`, { cause });
  }
}

/** Linking a finished file into place: whoever starts at the same moment finds all of it or makes it, never half. */
function create(file: string): Buffer {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, randomBytes(KEY_BYTES), { mode: 0o600, flush: true });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  return readFileSync(file);
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
