// A listener on the wire between devices and provider that ends TLS with the provider's own certificate, records every octet of
// both directions, and passes them on.

import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import type { ServerCertificateFiles } from '@paloma/reference-deployment';
import { holdsCanary } from './canary.js';

export class Tap {
  readonly #tls: ServerCertificateFiles;
  readonly #servers: Server[] = [];
  readonly #streams: Buffer[][] = [];

  constructor(tls: ServerCertificateFiles) {
    this.#tls = tls;
  }

  listen(port: number, targetPort: number): Promise<void> {
    const { certificateFile, keyFile, authorityFile } = this.#tls;
    const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (device) => {
      const provider = connect({ port: targetPort, host: '127.0.0.1', ca: readFileSync(authorityFile) });
      this.#pass(device, provider);
      this.#pass(provider, device);
    });
    this.#servers.push(server);
    return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  }

  /** All that was recorded, stream after stream. */
  get recorded(): Buffer {
    return Buffer.concat(this.#streams.flat());
  }

  holds(canary: string): boolean {
    return this.#streams.some((stream) => holdsCanary(Buffer.concat(stream), canary));
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  #pass(from: TLSSocket, to: TLSSocket): void {
    const stream: Buffer[] = [];
    this.#streams.push(stream);
    from.on('data', (data: Buffer) => { stream.push(data); to.write(data); });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
