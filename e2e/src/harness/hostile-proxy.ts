// A provider that lies: it stands between one device and the real provider, ends TLS with the provider's own certificate, understands
// the sync protocol, and passes everything on unchanged but for what the lie of the moment changes.

import { createServer, request as httpsRequest, type Server } from 'node:https';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerCertificateFiles } from '@paloma/reference-deployment';
import {
  DOCUMENT_STREAM_LIMITS, PULL_STREAM, decodeStream, encodeStream, usersPaths, type HeaderOf, type PullItem,
} from '@paloma/sync-protocol';

export interface PulledPage {
  header: HeaderOf<typeof PULL_STREAM>;
  items: PullItem[];
}

/** What a lie sees of one exchange. */
export interface Exchange {
  path: string;
  /** What the real provider answered. */
  status: number;
  body: Uint8Array;
}

export interface Lie {
  /** Changes pages of documents. */
  page?(page: PulledPage): PulledPage;
  /** Changes any answer as octets. */
  answer?(exchange: Exchange): Uint8Array;
  /** Answers in the provider's place, or never. Whether it did. */
  takeOver?(path: string, response: ServerResponse): boolean;
}

export class HostileProxy {
  lie: Lie = {};
  /** States of each document as they were passed on, oldest first. */
  readonly history = new Map<string, PullItem[]>();
  readonly #server: Server;
  readonly #held = new Set<ServerResponse>();

  constructor(tls: ServerCertificateFiles, private readonly targetPort: number) {
    const authority = readFileSync(tls.authorityFile);
    this.#server = createServer({ cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) }, (request, response) => {
      response.on('error', () => {});
      if (this.lie.takeOver?.(request.url ?? '', response)) return void this.#held.add(response);
      this.#pass(request, response, authority);
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', () => resolve()));
  }

  /** From now on nothing is changed; answers that were still under way end here. */
  turnHonest(): void {
    this.lie = {};
    for (const response of this.#held) response.destroy();
    this.#held.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(request: IncomingMessage, response: ServerResponse, authority: Buffer): void {
    const upstream = httpsRequest({ host: '127.0.0.1', port: this.targetPort, ca: authority, method: request.method, path: request.url, headers: request.headers });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
    upstream.on('response', (answer) => void this.#answer(request.url ?? '', answer, response).catch(() => response.destroy()));
  }

  async #answer(path: string, answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = answer.statusCode ?? 502;
    if (path === usersPaths.events || !hasBody(answer)) {
      response.writeHead(status, answer.headers);
      answer.pipe(response);
      return;
    }
    let body: Uint8Array = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>));
    if (path === usersPaths.pull && status === 200) body = await this.#changePage(body);
    body = this.lie.answer?.({ path, status, body }) ?? body;
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = answer.headers;
    response.writeHead(status, { ...headers, 'content-length': body.length });
    response.end(body);
  }

  async #changePage(body: Uint8Array): Promise<Uint8Array> {
    const stream = decodeStream(oneChunk(body), PULL_STREAM, DOCUMENT_STREAM_LIMITS);
    const items = await Array.fromAsync(stream.items);
    const honest = { header: await stream.header, items };
    if (!this.lie.page) {
      for (const item of items) this.history.set(item.id, [...(this.history.get(item.id) ?? []), item]);
      return body;
    }
    const { header, items: shown } = this.lie.page(honest);
    return Buffer.concat(await Array.fromAsync(encodeStream(PULL_STREAM, { ...header, count: shown.length }, shown)));
  }
}

function hasBody({ headers, statusCode, req }: IncomingMessage & { req?: { method?: string } }): boolean {
  return req?.method !== 'HEAD' && statusCode !== 204 && headers['content-length'] !== '0';
}

async function* oneChunk(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}
