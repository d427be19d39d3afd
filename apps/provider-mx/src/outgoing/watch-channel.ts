import type { DataSource, QueryRunner } from 'typeorm';
import type { PoolClient } from 'pg';
import type { Log } from '../logging/log.js';

/** How long to wait before listening again after the connection broke. Meanwhile the worker polls. */
const RECONNECT_MS = 5_000;

/**
 * LISTENs on a connection of its own and calls back for each notification; when the connection breaks it connects again.
 * Returns the function that ends it.
 */
export async function watchChannel(dataSource: DataSource, channel: string, listener: () => void, log: Log): Promise<() => Promise<void>> {
  const watch = new ChannelWatch(dataSource, channel, listener, log);
  await watch.listen();
  return () => watch.end();
}

class ChannelWatch {
  #runner: QueryRunner | null = null;
  #client: PoolClient | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isEnded = false;
  readonly #onError = (error: unknown): void => void this.#restart(error);

  constructor(private readonly dataSource: DataSource, private readonly channel: string, private readonly listener: () => void, private readonly log: Log) {}

  async listen(): Promise<void> {
    this.#runner = this.dataSource.createQueryRunner();
    this.#client = (await this.#runner.connect()) as PoolClient;
    this.#client.on('notification', this.listener);
    this.#client.on('error', this.#onError);
    await this.#runner.query(`LISTEN ${this.channel}`);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#runner?.query(`UNLISTEN ${this.channel}`).catch(() => undefined);
    await this.#letGo();
  }

  async #restart(error: unknown): Promise<void> {
    if (this.#isEnded) return;
    this.log.outage('queue notifications', error);
    await this.#letGo();
    this.#timer = setTimeout(() => this.listen().then(this.listener, this.#onError), RECONNECT_MS);
  }

  async #letGo(): Promise<void> {
    this.#client?.off('notification', this.listener);
    this.#client?.off('error', this.#onError);
    await this.#runner?.release().catch(() => undefined);
    this.#runner = null;
    this.#client = null;
  }
}
