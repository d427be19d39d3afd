import { seededRandom } from '@paloma/test-kit';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { memoryServer } from '../test/memory-server.js';
import { HttpsSyncTransport } from './https-sync-transport.js';
import { MemoryProvider } from './memory-provider.js';
import { ProviderConnection } from './provider-connection.js';
import { runSyncTransportContract } from './sync-transport.contract.js';

const newProvider = () => new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });

runSyncTransportContract('memory provider', async () => ({ transport: newProvider(), close: async () => {} }));

runSyncTransportContract('https adapter', async () => {
  const server = await memoryServer(newProvider());
  const connection = new ProviderConnection({ apiUrl: server.apiUrl });
  const close = async () => {
    await connection.close();
    await server.close();
  };
  return { transport: new HttpsSyncTransport(connection), close };
});
