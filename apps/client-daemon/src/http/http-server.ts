// The daemon's one HTTP port: control, sign-in, JMAP, the web UA and the mail view (docs/protocol/control-api.md).
// This is the one place that turns errors into answers.

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { ModelError, type MailProgramServers } from '@paloma/shared-model';
import { DaemonError, type DaemonErrorCode } from '../daemon-error.js';
import { listenOnEach } from '../listen-on-each.js';
import type { Logger } from '../log.js';
import { answerAutoconfig } from './autoconfig.js';
import { appHeaders, viewHeaders } from './content-security.js';
import { handleControl, type ControlContext } from './control-routes.js';
import { HTTP_STATUS, HttpError, type HttpErrorCode } from './http-error.js';
import { sendJson } from './json-body.js';
import { addressedName, loopbackNames, type LoopbackNames } from './origin-guard.js';
import { handleSignIn } from './sign-in-routes.js';
import { loadWebUaFiles, type WebUaFiles } from './web-ua-files.js';

export interface HttpServerOptions {
  control: ControlContext;
  /** Where mail programs on this machine connect. */
  mailProgramServers: () => MailProgramServers;
  /** Makes the JMAP server, once its address is known. */
  jmap: (baseUrl: string) => JmapHandler;
  log: Logger;
}

/** Answers a request; false when the path is not one of its own. */
type JmapHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** A client that does not finish its headers within this time is cut off. */
const HEADERS_TIMEOUT_MS = 10_000;

const HTTP_CODE_BY_DAEMON_CODE = {
  badConfig: 'internal', portTaken: 'internal', noPermission: 'internal', diskFull: 'unavailable', alreadyRunning: 'internal',
  accountExists: 'conflict', unknownAccount: 'notFound', unknownDevice: 'notFound', deviceRemoved: 'forbidden', wrongPassphrase: 'wrongPassphrase', wrongRecoveryCode: 'badRequest', notOpen: 'conflict',
  providerUnreachable: 'unavailable', providerRefused: 'forbidden',
} as const satisfies Record<DaemonErrorCode, HttpErrorCode>;

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #files: WebUaFiles = loadWebUaFiles();
  readonly #servers: Server[] = [];
  #names: LoopbackNames = loopbackNames(0);
  #jmap: JmapHandler = async () => false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
  }

  get appUrl(): string {
    return `http://${this.#names.app}`;
  }

  /** Listens on 127.0.0.1 and, where the machine has it, on ::1 with the same port. */
  async listen(port: number): Promise<number> {
    const taken = await listenOnEach(['127.0.0.1', '::1'], port, (host, wanted) => this.#listenOn(host, wanted));
    this.#names = loopbackNames(taken);
    this.#jmap = this.#options.jmap(this.appUrl);
    return taken;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    })));
  }

  #listenOn(host: string, port: number): Promise<number> {
    const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, this.#listener);
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve((server.address() as { port: number }).port));
    });
  }

  readonly #listener: RequestListener = (request, response) => {
    this.#route(request, response).catch((error: unknown) => this.#answerError(error, response));
  };

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const addressed = addressedName(request, this.#names);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (addressed === null) throw new HttpError('forbidden');
    if (addressed === 'view') return this.#serveView(path, request, response);
    if (path.startsWith('/control/')) return handleControl(this.#options.control, path, request, response);
    if (answerAutoconfig(this.#options.mailProgramServers(), request, response)) return;
    if (path.startsWith('/auth/')) return handleSignIn(this.#options.control, path, request, response);
    if (await this.#jmap(request, response)) return;
    this.#serveApp(path, request, response);
  }

  #serveView(path: string, request: IncomingMessage, response: ServerResponse): void {
    const file = path === '/view/' ? '/index.html' : '';
    const isServed = request.method === 'GET' && this.#files.view.serve(file, response, viewHeaders(this.#names, this.#files.viewScriptHash));
    if (!isServed) throw new HttpError('notFound');
  }

  /** The web UA keeps its place in the path, so a path that names no file is the app itself. */
  #serveApp(path: string, request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') throw new HttpError('notFound');
    const headers = appHeaders(this.#names);
    if (this.#files.app.serve(path, response, headers)) return;
    if (/\.[a-z0-9]+$/.test(path)) throw new HttpError('notFound');
    this.#files.app.serve('/index.html', response, headers);
  }

  #answerError(error: unknown, response: ServerResponse): void {
    const { code, sentence } = describe(error);
    if (code === 'internal') this.#options.log.error({ err: error }, 'http request failed');
    if (response.headersSent) return void response.destroy();
    sendJson(response, HTTP_STATUS[code], { error: error instanceof DaemonError ? error.code : code, sentence });
  }
}

function describe(error: unknown): { code: HttpErrorCode; sentence: string } {
  if (error instanceof HttpError) return { code: error.code, sentence: error.sentence };
  if (error instanceof DaemonError) return { code: HTTP_CODE_BY_DAEMON_CODE[error.code], sentence: error.message };
  if (error instanceof ModelError) return { code: 'badRequest', sentence: 'The request holds an id or an address that is not valid.' };
  return { code: 'internal', sentence: '' };
}
