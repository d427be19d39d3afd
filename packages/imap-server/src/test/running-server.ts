import { afterAll } from '@jest/globals';
import { manualClock, type ManualClock } from '@paloma/test-kit';
import { createImapServer, type ImapServer, type ImapServerOptions } from '../imap-server.js';
import { memoryGateway, type MemoryGateway } from './memory-gateway.js';

const running = new Set<ImapServer>();
afterAll(() => Promise.all([...running].map((server) => server.close())));

export interface RunningServer {
  port: number;
  gateway: MemoryGateway;
  clock: ManualClock;
  /** Unexpected failures the server noted; a test leaves none. */
  bugs: unknown[];
  close(): Promise<void>;
}

/** A server over memory stores on a free port of the loopback interface. It ends with the test file at the latest. */
export async function startServer(options: Partial<ImapServerOptions> = {}): Promise<RunningServer> {
  const clock = manualClock();
  const gateway = memoryGateway(clock);
  const bugs: unknown[] = [];
  const server = createImapServer({ gateway, clock, logger: { error: (_, cause) => void bugs.push(cause) }, ...options });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  running.add(server);
  const close = (): Promise<void> => {
    running.delete(server);
    return server.close();
  };
  return { port, gateway, clock, bugs, close };
}
