// Secrets that live in files of their own: the OPAQUE setup, made at the first start, and the service tokens, made by the
// operator. Losing the setup locks every account out: it belongs into the backup.

import { join } from 'node:path';
import { createOpaqueSetup } from '@paloma/crypto/public';
import { readOrCreateSecretFile, readTokenFile } from '@paloma/provider-runtime';
import { Redacted } from '@paloma/shared-model';

/** @throws {StartError} "filesUnusable" */
export function loadOpaqueSetup(stateDirectory: string): Redacted<string> {
  return new Redacted(readOrCreateSecretFile(join(stateDirectory, 'opaque-setup'), createOpaqueSetup).toString('utf8').trim());
}

/** @throws {StartError} "filesUnusable" */
export function loadServiceTokens(file: string): Redacted<readonly string[]> {
  return new Redacted(readTokenFile(file));
}
