import { StorageKeys } from '@paloma/crypto/secret';
import { parseAccountId } from '@paloma/shared-model';
import { seededRandom } from '@paloma/test-kit';

/** An account for tests: its devices all have these keys. */
export const EXAMPLE_ACCOUNT_ID = parseAccountId('ExampleAccount00000000');

export function exampleKeys(seed = 'roots'): StorageKeys {
  return new StorageKeys(new Map([[1, seededRandom(seed).bytes(32)]]));
}
