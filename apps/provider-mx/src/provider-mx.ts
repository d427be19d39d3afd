import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Configuration } from './config/configuration.js';
import { connectDatabase } from './database/connect.js';
import { MxListener } from './incoming/mx-listener.js';
import { Log } from './logging/log.js';
import { OutgoingWorker } from './outgoing/outgoing-worker.js';
import { SubmissionListener } from './submission/submission-listener.js';

export interface Ports {
  mx: number;
  submission: number;
}

/** The whole program in this process: both listeners and the worker of the outgoing queue. */
export class ProviderMx {
  private constructor(
    readonly ports: Ports,
    readonly worker: OutgoingWorker,
    readonly dataSource: DataSource,
    private readonly context: INestApplicationContext,
  ) {}

  /** @throws {StartError} */
  static async start(configuration: Configuration, log: Log, replaced: readonly Provider[] = []): Promise<ProviderMx> {
    const dataSource = await connectDatabase(configuration.databaseUrl);
    try {
      const context = await NestFactory.createApplicationContext(AppModule.with(configuration, dataSource, log, replaced), { logger: log, abortOnError: false });
      const ports = { mx: await context.get(MxListener).open(), submission: await context.get(SubmissionListener).open() };
      const worker = context.get(OutgoingWorker);
      await worker.start();
      return new ProviderMx(ports, worker, dataSource, context);
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
  }

  /** New connections are refused at once, transactions under way get a few seconds. */
  async stop(): Promise<void> {
    await Promise.all([this.context.get(MxListener).close(), this.context.get(SubmissionListener).close(), this.worker.stop()]);
    await this.context.close();
    await this.dataSource.destroy();
  }
}
