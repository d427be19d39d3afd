// The web server of a stranger's domain. Its key directory has what a test published there, and of others it says that there is nothing.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificateFiles } from '@paloma/reference-deployment';

export class StrangersWebServer {
  readonly origin: string;
  readonly #certificates: Map<string, Uint8Array>;
  readonly #server: Server;

  private constructor(server: Server, certificates: Map<string, Uint8Array>) {
    this.#server = server;
    this.#certificates = certificates;
    this.origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static start({ certificateFile, keyFile }: ServerCertificateFiles): Promise<StrangersWebServer> {
    const certificates = new Map<string, Uint8Array>();
    const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, ({ url }, response) => {
      const certificate = certificates.get(new URL(url ?? '/', 'https://localhost').searchParams.get('l') ?? '');
      response.writeHead(certificate ? 200 : 404).end(certificate);
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(new StrangersWebServer(server, certificates))));
  }

  /** The binary certificate of `<localPart>@` every domain of this server, in place of what was there. */
  publish(localPart: string, certificate: Uint8Array): void {
    this.#certificates.set(localPart, certificate);
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
