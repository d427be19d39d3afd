// The web server of a stranger's domain. It has no key directory, and says so.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificateFiles } from '@paloma/reference-deployment';

export class StrangersWebServer {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static start({ certificateFile, keyFile }: ServerCertificateFiles): Promise<StrangersWebServer> {
    const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (_request, response) => response.writeHead(404).end());
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(new StrangersWebServer(server))));
  }

  /** Where both methods of the Web Key Directory look for the domain. */
  routesFor(domain: string): Record<string, string> {
    return { [domain]: this.origin, [`openpgpkey.${domain}`]: this.origin };
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
