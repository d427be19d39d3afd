import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Configuration } from './config/configuration.js';
import { loadSecrets } from './config/secret-files.js';
import { connectDatabase } from './database/connect.js';
import { MxListener } from './incoming/mx-listener.js';
import { LmtpListener } from './lmtp/lmtp-listener.js';
import { Log } from './logging/log.js';
import { MetricsListener } from './metrics/metrics-listener.js';
import { OutgoingWorker } from './outgoing/outgoing-worker.js';
import { SocketmapListener } from './socketmap/socketmap-listener.js';
import { SubmissionListener } from './submission/submission-listener.js';
import { TlsReporter } from './tls-reports/tls-reporter.js';

export interface Ports {
  mx: number;
  submission: number;
  submissionStartTls?: number;
  /** Where one is configured, and not on a Unix socket. */
  lmtp?: number;
  socketmap?: number;
  metrics?: number;
}

/** The whole program in this process: its listeners and the worker of the outgoing queue. */
export class ProviderMx {
  ports: Ports = { mx: 0, submission: 0 };
  readonly worker: OutgoingWorker;
  readonly tlsReporter: TlsReporter;
  readonly #listeners: Readonly<Record<keyof Ports, { open: () => Promise<number | null>; close: () => Promise<void> }>>;

  private constructor(private readonly context: INestApplicationContext, readonly dataSource: DataSource) {
    this.worker = context.get(OutgoingWorker);
    this.tlsReporter = context.get(TlsReporter);
    this.#listeners = {
      mx: context.get(MxListener),
      submission: context.get(SubmissionListener),
      submissionStartTls: context.get(SubmissionListener).startTls,
      lmtp: context.get(LmtpListener),
      socketmap: context.get(SocketmapListener),
      metrics: context.get(MetricsListener),
    };
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
    await Promise.all([...Object.values(this.#listeners).map((listener) => listener.close()), this.worker.stop(), this.tlsReporter.stop()]);
    await this.context.close();
    await this.dataSource.destroy();
  }

  async #open(): Promise<void> {
    try {
      for (const [name, listener] of Object.entries(this.#listeners)) {
        const port = await listener.open();
        if (port !== null) this.ports = { ...this.ports, [name]: port };
      }
      await this.worker.start();
      this.tlsReporter.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }
}
