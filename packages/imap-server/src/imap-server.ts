import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type SecureContext, type TlsOptions } from 'node:tls';
import { systemClock, type Clock } from '@paloma/shared-model';
import type { AccountGateway } from '@paloma/mail-store/port';
import { COMMANDS } from './commands/index.js';
import { silentLogger, type ImapLogger } from './imap-logger.js';
import { silentTap, type ImapTap } from './imap-tap.js';
import { DEFAULT_LIMITS, type ImapLimits } from './limits.js';
import { Connection } from './session/connection.js';
import { SessionRegistry } from './session/session-registry.js';

export interface ImapServerOptions {
  gateway: AccountGateway;
  logger?: ImapLogger;
  /**
   * Key and certificate. `implicit` (RFC 8314 §3) is the default; with `startTls` no log-in is taken before STARTTLS.
   * Absent: plain TCP, which is for loopback alone.
   */
  tls?: Pick<TlsOptions, 'key' | 'cert' | 'minVersion'> & { mode?: 'implicit' | 'startTls' };
  clock?: Clock;
  limits?: Partial<ImapLimits>;
  /** Hears every dialogue, for debugging. */
  tap?: ImapTap;
}

export interface ImapServer {
  /** Port 0 takes a free one. May be called for several addresses: they share accounts and limits. */
  listen(address: { host: string; port: number }): Promise<{ port: number }>;
  /** Tells every client and ends their connections; resolves when all have ended. */
  close(): Promise<void>;
}

/** A client that has said its last command still gets the answers. */
const SOCKET_OPTIONS = { noDelay: true, allowHalfOpen: true };

/** IMAP4rev2 and IMAP4rev1 over the accounts that the gateway opens. */
export function createImapServer(options: ImapServerOptions): ImapServer {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const registry = new SessionRegistry(limits.maxConnectionsPerAccount);
  const environment = {
    gateway: options.gateway, limits, clock: options.clock ?? systemClock, admit: registry.admit.bind(registry),
  };
  const { implicitTls, startTls } = tlsOf(options.tls);
  const connections = new Set<Connection>();
  const serving = new Set<Promise<void>>();
  const onSocket = (socket: Socket): void => {
    const connection = new Connection(socket, environment, { commands: COMMANDS, logger: options.logger ?? silentLogger, startTls, tap: options.tap ?? silentTap });
    connections.add(connection);
    const served = connection.serve().finally(() => {
      registry.leave(connection.session);
      connections.delete(connection);
      serving.delete(served);
    });
    serving.add(served);
  };
  const servers = new Set<Server>();
  return {
    async listen({ host, port }) {
      const server = implicitTls ? createTlsServer({ ...implicitTls, ...SOCKET_OPTIONS }, onSocket) : createNetServer(SOCKET_OPTIONS, onSocket);
      server.maxConnections = limits.maxConnections;
      const address = await listen(server, host, port);
      servers.add(server);
      return address;
    },
    async close() {
      const closed = [...servers].map((server) => new Promise<void>((resolve) => { server.close(() => resolve()); }));
      for (const connection of connections) connection.sayGoodbye('Paloma is going down');
      await Promise.all([...serving, ...closed]);
    },
  };
}

function tlsOf(tls: ImapServerOptions['tls']): { implicitTls: TlsOptions | null; startTls: SecureContext | null } {
  if (!tls) return { implicitTls: null, startTls: null };
  const { mode = 'implicit', minVersion = 'TLSv1.2', key, cert } = tls;
  const options = { key, cert, minVersion };
  return mode === 'implicit' ? { implicitTls: options, startTls: null } : { implicitTls: null, startTls: createSecureContext(options) };
}

function listen(server: Server, host: string, port: number): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve({ port: (server.address() as AddressInfo).port });
    });
  });
}
