import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Configuration } from './config/configuration.js';
import { loadSecrets } from './config/secret-files.js';
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
  ports: Ports = { mx: 0, submission: 0 };
  readonly worker: OutgoingWorker;
  readonly #mxListener: MxListener;
  readonly #submissionListener: SubmissionListener;

  private constructor(private readonly context: INestApplicationContext, readonly dataSource: DataSource) {
    this.worker = context.get(OutgoingWorker);
    this.#mxListener = context.get(MxListener);
    this.#submissionListener = context.get(SubmissionListener);
  }

  /** `replaced`: as for AppModule. @throws {StartError} */
  static async start(configuration: Configuration, log: Log, replaced: readonly Provider[] = []): Promise<ProviderMx> {
    const secrets = loadSecrets(configuration);
    const dataSource = await connectDatabase(configuration.databaseUrl);
    try {
      const module = AppModule.with(configuration, secrets, dataSource, log, replaced);
      const providerMx = new ProviderMx(await NestFactory.createApplicationContext(module, { logger: log, abortOnError: false }), dataSource);
      await providerMx.#open();
      return providerMx;
    } catch (error) {
      if (dataSource.isInitialized) await dataSource.destroy();
      throw error;
    }
  }

  /** New connections are refused at once, transactions under way get a few seconds. */
  async stop(): Promise<void> {
    await Promise.all([this.#mxListener.close(), this.#submissionListener.close(), this.worker.stop()]);
    await this.context.close();
    await this.dataSource.destroy();
  }

  async #open(): Promise<void> {
    try {
      this.ports = { mx: await this.#mxListener.open(), submission: await this.#submissionListener.open() };
      await this.worker.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }
}
