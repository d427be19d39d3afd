// provider-sync's services API in memory behind real HTTP, for tests: docs/protocol/services-api.md and nothing more.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { parseAccountId, WIRE_ERRORS, type AccountId, type WireErrorCode } from '@paloma/shared-model';
import { decodeCbor, deliveryRequest, servicesPaths, type DeliveryAnswer } from '@paloma/sync-protocol';

interface TwinAccount {
  accountId: AccountId;
  isOverQuota: boolean;
  isDisabled: boolean;
  certificate: Uint8Array | null;
}

export class ServicesTwin {
  readonly token = randomBytes(32).toString('base64url');
  readonly accounts = new Map<string, TwinAccount>();
  readonly sessions = new Map<string, { accountId: AccountId; addresses: string[] }>();
  /** By the SHA-256 of the certificate, in base64url. */
  readonly submissionCertificates = new Map<string, { accountId: AccountId; addresses: string[] }>();
  /** Stored items by `accountId/itemId`, in order of arrival. */
  readonly items = new Map<string, Buffer>();
  /** Every item that came to be stored, repeated ones too. */
  readonly puts: string[] = [];
  /** Answers instead of the service where it gives a code; an item among others as if it were PUT alone. "foreign404": as some other server on that port would. */
  sabotage: (method: string, path: string) => WireErrorCode | 'foreign404' | null = () => null;
  #server!: Server;

  static async start(): Promise<ServicesTwin> {
    const twin = new ServicesTwin();
    twin.#server = createServer((request, response) => void twin.#handle(request, response));
    await new Promise<void>((resolve) => twin.#server.listen(0, '127.0.0.1', resolve));
    return twin;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  addAccount(address: string, certificate: Uint8Array | null): AccountId {
    const accountId = parseAccountId(randomBytes(16).toString('base64url'));
    this.accounts.set(address, { accountId, isOverQuota: false, isDisabled: false, certificate });
    return accountId;
  }

  addSession(address: string): string {
    const token = randomBytes(32).toString('base64url');
    this.sessions.set(token, { accountId: this.accounts.get(address)!.accountId, addresses: [address] });
    return token;
  }

  itemsOf(address: string): Buffer[] {
    const prefix = `${this.accounts.get(address)?.accountId}/`;
    return [...this.items].filter(([key]) => key.startsWith(prefix)).map(([, item]) => item);
  }

  forget(): void {
    this.items.clear();
    this.puts.length = 0;
    this.sabotage = () => null;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const sabotage = this.sabotage(method, url);
    if (sabotage === 'foreign404') return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
    if (sabotage !== null) return refuse(response, sabotage);
    if (request.headers.authorization !== `Bearer ${this.token}`) return refuse(response, 'unauthorized');
    const [, , , kind, first = '', second = ''] = url.split('/').map(decodeURIComponent);
    if (method === 'GET' && kind === 'recipients') return this.#answerRecipient(first, response);
    if (method === 'PUT' && kind === 'incoming') return void response.writeHead(this.#store(`${first}/${second}`, body) === 'stored' ? 201 : 200).end();
    if (method === 'POST' && kind === 'incoming') return this.#storeAll(body, response);
    const shown = method === 'POST' ? JSON.parse(body.toString()) as { token: string; sha256: string } : null;
    if (shown && kind === 'sessions') return this.#answerSession(this.sessions.get(shown.token), response);
    if (shown && kind === 'submission-certificates') return this.#answerSession(this.submissionCertificates.get(shown.sha256), response);
    return refuse(response, 'notFound');
  }

  #answerRecipient(address: string, response: ServerResponse): void {
    const account = this.accounts.get(address.toLowerCase());
    if (account === undefined) return refuse(response, 'notFound');
    const { accountId, isOverQuota, isDisabled, certificate } = account;
    answerJson(response, 200, { accountId, isOverQuota, isDisabled, certificate: certificate && Buffer.from(certificate).toString('base64url') });
  }

  #answerSession(session: { accountId: AccountId; addresses: string[] } | undefined, response: ServerResponse): void {
    if (session === undefined) return refuse(response, 'unauthorized');
    const isDisabled = [...this.accounts.values()].some((account) => account.accountId === session.accountId && account.isDisabled);
    return isDisabled ? refuse(response, 'accountDisabled') : answerJson(response, 200, session);
  }

  #storeAll(body: Buffer, response: ServerResponse): void {
    const outcomes = decodeCbor(deliveryRequest, body).items.map(({ accountId, itemId, sealed }): DeliveryAnswer['outcomes'][number] => {
      const sabotage = this.sabotage('PUT', servicesPaths.incoming(accountId, itemId));
      if (sabotage === 'notFound') return 'noAccount';
      if (sabotage !== null) return sabotage === 'quotaExceeded' ? sabotage : 'failed';
      return this.#store(`${accountId}/${itemId}`, Buffer.from(sealed));
    });
    answerJson(response, 200, { outcomes });
  }

  #store(key: string, body: Buffer): 'stored' | 'alreadyThere' {
    this.puts.push(key);
    if (this.items.has(key)) return 'alreadyThere';
    this.items.set(key, body);
    return 'stored';
  }
}

function refuse(response: ServerResponse, code: WireErrorCode): void {
  answerJson(response, WIRE_ERRORS[code][0], { error: code });
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
