import { manualClock, seededRandom } from '@paloma/test-kit';
import { parseAccountId, parseMailAddress } from '@paloma/shared-model';
import { runMailStoreContract } from '../contract/index.js';
import { createMemoryMailStore } from './memory-mail-store.js';

runMailStoreContract('memory', async () => ({
  store: createMemoryMailStore({
    accountId: parseAccountId('ExampleAccount00000000'), address: parseMailAddress('ana@example.org'), clock: manualClock(), random: seededRandom('memory'),
  }),
  close: () => undefined,
}));
