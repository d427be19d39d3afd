import { Redacted } from '@paloma/shared-model';
import { IncomingBoxClient, ProviderConnection } from '@paloma/document-store';
import { manualClock, seededRandom } from '@paloma/test-kit';
import { serveIncomingBox } from '../test/incoming-box-server.js';
import { MemoryIncomingBox } from '../test/memory-incoming-box.js';
import { describeIncomingBox } from './incoming-box.contract.js';

describeIncomingBox('MemoryIncomingBox', async () => {
  const clock = manualClock();
  const box = new MemoryIncomingBox(clock, seededRandom('box'));
  return { box, clock, put: (octets) => box.put(octets), close: async () => {} };
});

describeIncomingBox('IncomingBoxClient', async () => {
  const clock = manualClock();
  const box = new MemoryIncomingBox(clock, seededRandom('box'));
  const server = await serveIncomingBox(box);
  const connection = new ProviderConnection({ apiUrl: server.apiUrl }).withSession(new Redacted('token'));
  const close = async (): Promise<void> => {
    await connection.close();
    await server.close();
  };
  return { box: new IncomingBoxClient(connection), clock, put: (octets) => box.put(octets), close };
});
