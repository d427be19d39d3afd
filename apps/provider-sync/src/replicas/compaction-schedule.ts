import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { isDatabaseOutage } from '@paloma/provider-runtime';
import { Log } from '../logging/log.js';
import { PushTransactionPruning } from './push-transaction-pruning.js';
import { TombstoneCompaction } from './tombstone-compaction.js';

/** Tombstones and heads are small, and replicas are forgotten after a year: there is no hurry. */
const INTERVAL_MS = 6 * 60 * 60_000;

/** Compacts from time to time, one run after another. Each process of a provider does. */
@Injectable()
export class CompactionSchedule implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly compaction: TombstoneCompaction, private readonly pruning: PushTransactionPruning, private readonly log: Log) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => { this.#running = this.#running.then(() => this.#run()); }, INTERVAL_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  /** While the database is away there is nothing to do; the next run comes by itself. */
  async #run(): Promise<void> {
    try {
      this.log.event('compacted', { tombstones: await this.compaction.run(), heads: await this.pruning.run() });
    } catch (error) {
      if (!isDatabaseOutage(error)) this.log.bug(error);
    }
  }
}
