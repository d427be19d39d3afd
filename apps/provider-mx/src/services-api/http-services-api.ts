import { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'undici';
import { canonicalAddress, parseMailAddress, type AccountId, type Clock, type IncomingItemId, type MailAddress, type Redacted, type WireErrorCode } from '@paloma/shared-model';
import { deliveryAnswer, encodeCbor, errorBody, MAX_DELIVERY_ITEM_BYTES, recipientAnswer, servicesPaths, verifySessionAnswer, verifySessionRequest, verifySubmissionCertificateRequest, type DeliveryAnswer } from '@paloma/sync-protocol';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, SERVICE_TOKEN } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { DeliveryBatches, type DeliveryItem } from './delivery-batches.js';
import { RecentRecipients } from './recent-recipients.js';
import type { IncomingResult, RecipientLookup, ServicesApi, SessionVerdict } from './services-api.js';

const CONNECTIONS = 16;
/** A lookup that takes longer is an outage; SMTP clients wait for minutes (RFC 5321 §4.5.3.2), but not for ever. */
const ANSWER_TIMEOUT_MS = 20_000;
/** A certificate has at most 64 KiB; base64url adds a third. */
const MAX_ANSWER_BYTES = 256 * 1024;

interface Answer {
  status: number;
  /** Parsed JSON; undefined where the body is none. */
  body: unknown;
}

const RESULT_BY_OUTCOME = {
  stored: 'stored',
  alreadyThere: 'stored',
  noAccount: 'notFound',
  quotaExceeded: 'quotaExceeded',
  failed: 'outage',
} satisfies Record<DeliveryAnswer['outcomes'][number], IncomingResult>;

/** docs/protocol/services-api.md over HTTP. */
@Injectable()
export class HttpServicesApi implements ServicesApi, OnApplicationShutdown {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #recent: RecentRecipients;
  readonly #batches = new DeliveryBatches((items) => this.#deliver(items));

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(SERVICE_TOKEN) private readonly token: Redacted<string>,
    @Inject(CLOCK) clock: Clock,
    private readonly log: Log,
  ) {
    this.#recent = new RecentRecipients(clock);
    const url = new URL(configuration.services.url);
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#pool = new Pool(url.origin, {
      connections: CONNECTIONS, headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS, connect: { timeout: ANSWER_TIMEOUT_MS }, maxResponseSize: MAX_ANSWER_BYTES,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.destroy();
  }

  async findRecipient(address: MailAddress): Promise<RecipientLookup> {
    const recent = this.#recent.find(canonicalAddress(address));
    return recent === null ? this.#lookUp(address) : { kind: 'found', recipient: recent };
  }

  async #lookUp(address: MailAddress): Promise<RecipientLookup> {
    const answer = await this.#request('GET', servicesPaths.recipient(address));
    if (answer?.status === 404 && isNotFound(answer)) return { kind: 'notFound' };
    const parsed = answer?.status === 200 ? recipientAnswer.safeParse(answer.body) : null;
    if (parsed?.success !== true) return { kind: 'outage' };
    const { certificate, ...facts } = parsed.data;
    const recipient = { ...facts, certificate: certificate === null ? null : new Uint8Array(Buffer.from(certificate, 'base64url')) };
    this.#recent.remember(canonicalAddress(address), recipient);
    return { kind: 'found', recipient };
  }

  async putIncoming(accountId: AccountId, itemId: IncomingItemId, message: Uint8Array | AsyncIterable<Uint8Array>): Promise<IncomingResult> {
    if (message instanceof Uint8Array && message.length <= MAX_DELIVERY_ITEM_BYTES) return this.#batches.put({ accountId, itemId, sealed: message });
    const answer = await this.#request('PUT', servicesPaths.incoming(accountId, itemId), message);
    switch (answer?.status) {
      case 200:
      case 201: return 'stored';
      case 404: return isNotFound(answer) ? 'notFound' : 'outage';
      case 413: return 'tooLarge';
      case 507: return 'quotaExceeded';
      default: return 'outage';
    }
  }

  /** A result for each, in their order. */
  async #deliver(items: readonly DeliveryItem[]): Promise<IncomingResult[]> {
    const answer = await this.#request('POST', servicesPaths.delivery, encodeCbor({ items }));
    const parsed = answer?.status === 200 ? deliveryAnswer.safeParse(answer.body) : null;
    if (parsed?.success !== true || parsed.data.outcomes.length !== items.length) return items.map(() => 'outage');
    return parsed.data.outcomes.map((outcome) => RESULT_BY_OUTCOME[outcome]);
  }

  async verifySession(token: string): Promise<SessionVerdict> {
    const request = verifySessionRequest.safeParse({ token });
    return request.success ? this.#verify(servicesPaths.verifySession, request.data) : { kind: 'invalid' };
  }

  async verifySubmissionCertificate(sha256: string): Promise<SessionVerdict> {
    const request = verifySubmissionCertificateRequest.safeParse({ sha256 });
    return request.success ? this.#verify(servicesPaths.verifySubmissionCertificate, request.data) : { kind: 'invalid' };
  }

  async #verify(path: string, request: object): Promise<SessionVerdict> {
    const answer = await this.#request('POST', path, JSON.stringify(request));
    if (answer?.status === 403 && saysError(answer, 'accountDisabled')) return { kind: 'accountDisabled' };
    if (answer?.status === 401) return { kind: (await this.#isServiceTokenGood()) ? 'invalid' : 'outage' };
    const parsed = answer?.status === 200 ? verifySessionAnswer.safeParse(answer.body) : null;
    if (parsed?.success !== true) return { kind: 'outage' };
    return { kind: 'valid', account: { accountId: parsed.data.accountId, addresses: parsed.data.addresses.map(canonicalAddress) } };
  }

  /** A refused session and a refused service token look alike; a user must not suffer for the operator's mistake. */
  async #isServiceTokenGood(): Promise<boolean> {
    const probe = await this.#request('GET', servicesPaths.recipient(parseMailAddress(`postmaster@${this.configuration.domain}`)));
    return probe?.status === 200 || probe?.status === 404;
  }

  /** `null`: no answer. */
  async #request(method: 'GET' | 'PUT' | 'POST', path: string, body?: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<Answer | null> {
    const contentType = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
    try {
      const response = await this.#pool.request({
        method,
        path: this.#basePath + path,
        headers: { authorization: `Bearer ${this.token.reveal()}`, ...(body !== undefined && { 'content-type': contentType }) },
        body: typeof body === 'object' && Symbol.asyncIterator in body ? Readable.from(body) : body ?? null,
      });
      return { status: response.statusCode, body: parseJson(await response.body.text()) };
    } catch (error) {
      this.log.outage('services api', error);
      return null;
    }
  }
}

/** A 404 of something else on that port (a proxy, a wrong path) is no authority on mailboxes. */
function isNotFound(answer: Answer): boolean {
  return saysError(answer, 'notFound');
}

function saysError({ body }: Answer, code: WireErrorCode): boolean {
  const parsed = errorBody.safeParse(body);
  return parsed.success && parsed.data.error === code;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
