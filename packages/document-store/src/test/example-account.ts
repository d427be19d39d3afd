import { createHash } from 'node:crypto';
import { StorageKeys } from '@paloma/crypto/secret';
import { parseAccountId } from '@paloma/shared-model';

/** An account for tests: its devices all have these keys. */
export const EXAMPLE_ACCOUNT_ID = parseAccountId('ExampleAccount00000000');

export function exampleKeys(seed = 'roots'): StorageKeys {
  return new StorageKeys(new Map([[1, new Uint8Array(createHash('sha256').update(seed).digest())]]));
}
