// Metrics and health over plain HTTP, on loopback: for Prometheus and whoever watches. Off unless configured.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { listen } from '../smtp/listen.js';
import { Metrics } from './metrics.js';

const REQUEST_TIMEOUT_MS = 10_000;

@Injectable()
export class MetricsListener {
  readonly #server: Server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => void this.#answer(request, response));

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly dataSource: DataSource,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** null where none is configured. @throws {StartError} "portTaken" */
  async open(): Promise<number | null> {
    if (this.configuration.metrics === undefined) return null;
    this.log.observer = (event, facts) => this.metrics.note(event, facts);
    return listen(this.#server, this.configuration.metrics);
  }

  async close(): Promise<void> {
    this.log.observer = null;
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (method !== 'GET') return void response.writeHead(405).end();
      if (url === '/health/live') return void response.writeHead(200).end();
      if (url === '/health/ready') return await this.#answerReady(response);
      if (url !== '/metrics') return void response.writeHead(404).end();
      const { contentType, text } = await this.metrics.collect();
      response.writeHead(200, { 'content-type': contentType }).end(text);
    } catch (error) {
      this.log.outage('metrics', error);
      response.writeHead(503).end();
    }
  }

  /** Ready means that mail can be queued: while the database is away, submission is put off. */
  async #answerReady(response: ServerResponse): Promise<void> {
    await this.dataSource.query('SELECT 1');
    response.writeHead(200).end();
  }
}
