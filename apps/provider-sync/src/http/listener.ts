import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Log } from '../logging/log.js';
import { StartError, type Pseudonyms } from '@paloma/provider-runtime';
import { WireErrorFilter } from './wire-error.filter.js';

export interface ListenOn {
  bind: string;
  port: number;
  tlsCertFile?: string | undefined;
  tlsKeyFile?: string | undefined;
}

export interface Listener {
  port: number;
  /** Answers what was asked already, then closes; connections still busy after a while are cut. */
  close(): Promise<void>;
}

/** How long answers under way may take once the process was told to stop. */
const STOP_GRACE_MS = 10_000;
const STOP_POLL_MS = 50;
/** Above the idle time of usual clients and proxies, so that they and not we close a connection: a request never meets a closed one. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** A blob of the largest size at 256 kbit/s. Node's own five minutes would cut off whoever has a slow line, each time he tries. */
const REQUEST_TIMEOUT_MS = 60 * 60_000;
/** Silence on a connection that is in use. The event stream says something every 25 s. */
const SILENCE_TIMEOUT_MS = 120_000;

/** @throws {StartError} "portTaken", "filesUnusable" (certificate or key) */
export async function listen(module: DynamicModule, on: ListenOn, log: Log, pseudonyms: Pseudonyms): Promise<Listener> {
  const application = await createApplication(module, on, log, pseudonyms);
  const server = application.getHttpServer() as Server;
  Object.assign(server, { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, timeout: SILENCE_TIMEOUT_MS });
  try {
    await application.init();
    await once(server.listen(on.port, on.bind), 'listening');
  } catch (cause) {
    await application.close();
    if ((cause as NodeJS.ErrnoException).syscall !== 'listen') throw cause;
    throw new StartError('portTaken', `cannot listen on ${on.bind}:${on.port} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause });
  }
  return { port: (server.address() as AddressInfo).port, close: () => closeGently(application, server) };
}

/** Body parsers are off: http/body.ts bounds and reads what each handler takes. */
async function createApplication(module: DynamicModule, on: ListenOn, log: Log, pseudonyms: Pseudonyms): Promise<NestExpressApplication> {
  const httpsOptions = readTls(on);
  const application = await NestFactory.create<NestExpressApplication>(module, { bodyParser: false, logger: log, abortOnError: false, ...(httpsOptions && { httpsOptions }) });
  application.disable('x-powered-by');
  application.disable('etag');
  application.set('query parser', 'simple');
  application.use((request: Request, response: Response, next: NextFunction) => {
    log.watch(request, response, pseudonyms);
    next();
  });
  application.useGlobalFilters(new WireErrorFilter(log));
  return application;
}

function readTls({ tlsCertFile, tlsKeyFile }: ListenOn): { cert: Buffer; key: Buffer } | null {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return null;
  try {
    return { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) };
  } catch (cause) {
    throw new StartError('filesUnusable', `certificate or key cannot be read: ${tlsCertFile}, ${tlsKeyFile}`, { cause });
  }
}

/** Node closes connections that are idle now, not those that become so while it waits: they are looked for again and again. */
async function closeGently(application: NestExpressApplication, server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), STOP_POLL_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  try {
    await application.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(deadline);
  }
}
