// A minimal JMAP client (RFC 8620) that shares nothing with the web UA.

import type { UserDevice } from './world.js';

export type MethodCall = [name: string, args: Record<string, unknown>, callId: string];
export interface MethodAnswer {
  [member: string]: unknown;
}

const USING = ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'urn:ietf:params:jmap:submission', 'urn:paloma:jmap'];

export class JmapClient {
  readonly #baseUrl: string;
  readonly #token: string;
  readonly accountId: string;

  private constructor(baseUrl: string, token: string, accountId: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
    this.accountId = accountId;
  }

  /** Signs in through a one-time ticket, as the web UA does. */
  static async open(user: UserDevice): Promise<JmapClient> {
    const url = new URL(await user.device.control.webTicketUrl(user.accountId));
    const response = await fetch(`${url.origin}/auth/ticket`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ticket: url.hash.replace('#ticket=', '') }),
    });
    const { token, accountId } = await response.json() as { token: string; accountId: string };
    return new JmapClient(url.origin, token, accountId);
  }

  async call(...methodCalls: MethodCall[]): Promise<MethodAnswer[]> {
    const response = await this.#request('/jmap/api', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ using: USING, methodCalls }) });
    const { methodResponses } = await response.json() as { methodResponses: [string, Record<string, unknown>, string][] };
    return methodResponses.map(([name, answer]) => {
      if (name === 'error') throw new Error(`jmap: ${JSON.stringify(answer)}`);
      return answer;
    });
  }

  async download(blobId: string): Promise<Buffer> {
    const response = await this.#request(`/jmap/download/${this.accountId}/${blobId}/message?accept=application%2Foctet-stream`);
    return Buffer.from(await response.arrayBuffer());
  }

  async upload(octets: Buffer, mediaType: string): Promise<string> {
    const response = await this.#request(`/jmap/upload/${this.accountId}`, { method: 'POST', headers: { 'content-type': mediaType }, body: new Uint8Array(octets) });
    return (await response.json() as { blobId: string }).blobId;
  }

  async #request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.#baseUrl + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${this.#token}` } });
    if (!response.ok) throw new Error(`jmap: ${response.status} ${await response.text()}`);
    return response;
  }
}
