import type { Socket } from 'node:net';
import pg from 'pg';

export interface SilenceLimit {
  readonly ms: number;
  isOn: boolean;
}

/** What @types/pg (8.23) leaves out. */
interface ClientInternals {
  /** False while an answer is owed. */
  readyForQuery: boolean;
  connection: { stream: Socket };
}

/**
 * Clients of a pool that find out what goes wrong between us and the server.
 *
 * One that dies: for one turn between the pool and who asked it for a connection nobody listens to errors. A server that ends just then says
 * so right behind "ready", and an error that nobody listens to ends the process. What there is to do is done by those who listen then.
 *
 * One that hangs: neither the server's own statement_timeout nor TCP helps when its processes or its disk stand still. The connection is
 * broken and with it the transaction, as in any outage: the driver's query_timeout would hand it on to the next user with the transaction open.
 */
export function watchedClient(silence: SilenceLimit): typeof pg.Client {
  return class WatchedClient extends pg.Client {
    constructor(...options: ConstructorParameters<typeof pg.Client>) {
      super(...options);
      this.on('error', () => undefined);
      this.once('connect', () => this.#watch());
    }

    #watch(): void {
      const client = this as unknown as ClientInternals;
      const { stream } = client.connection;
      stream.setTimeout(silence.ms);
      // Not as setTimeout's own listener, which hears of the first silence only: that of a connection that rests.
      stream.on('timeout', () => {
        if (!client.readyForQuery && silence.isOn) stream.destroy(Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' }));
      });
    }
  };
}
