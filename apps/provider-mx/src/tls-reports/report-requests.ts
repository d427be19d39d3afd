// Which domains ask for reports, and where to (RFC 8460 §3).

import { Inject, Injectable } from '@nestjs/common';
import { parseMailAddress, type Clock, type MailAddress } from '@paloma/shared-model';
import { dnsLookup } from '../authentication/dns-lookup.js';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION } from '../injection-tokens.js';

export type ReportDestination = { scheme: 'mailto'; address: MailAddress } | { scheme: 'https'; url: string };

/** "unknown": the DNS does not answer. */
export type ReportRequest = { kind: 'wanted'; destinations: readonly ReportDestination[] } | { kind: 'none' } | { kind: 'unknown' };

/** What is known of a domain is good for so long. */
const MEMORY_MS = 60 * 60 * 1000;
/** Domains remembered; beyond, the oldest are asked about again. */
const MAX_DOMAINS = 10_000;
/** A report goes to no more than these of its recipients, the first ones: the record is a stranger's. */
const MAX_DESTINATIONS = 3;
const MAX_URL_CHARS = 1000;

@Injectable()
export class ReportRequests {
  readonly #known = new Map<string, { request: ReportRequest; untilMs: number }>();

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration, @Inject(CLOCK) private readonly clock: Clock) {}

  async find(domain: string): Promise<ReportRequest> {
    const known = this.#known.get(domain);
    if (known !== undefined && known.untilMs > this.clock.nowMs()) return known.request;
    const request = await this.#lookUp(domain);
    if (request.kind !== 'unknown') this.#remember(domain, request);
    return request;
  }

  async #lookUp(domain: string): Promise<ReportRequest> {
    try {
      const records = await dnsLookup(this.configuration.dns.servers)(`_smtp._tls.${domain}`, 'TXT');
      return parseReportRequest(records.map((strings) => [strings].flat().join('')));
    } catch (error) {
      return { kind: ['ENODATA', 'ENOTFOUND'].includes((error as { code?: string }).code ?? '') ? 'none' : 'unknown' };
    }
  }

  #remember(domain: string, request: ReportRequest): void {
    this.#known.delete(domain);
    this.#known.set(domain, { request, untilMs: this.clock.nowMs() + MEMORY_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_DOMAINS && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Of the TXT records of one name. RFC 8460 §3: just one may begin as ours do, or the domain asks for nothing. */
export function parseReportRequest(records: readonly string[]): ReportRequest {
  const [record, ...others] = records.filter((text) => /^v=TLSRPTv1\s*(?:;|$)/.test(text));
  if (record === undefined || others.length > 0) return { kind: 'none' };
  const rua = record.split(';').map((field) => /^\s*rua\s*=(.*)$/.exec(field)?.[1]).find((value) => value !== undefined);
  const destinations = (rua ?? '').split(',').flatMap((uri) => parseDestination(uri.trim())).slice(0, MAX_DESTINATIONS);
  return destinations.length === 0 ? { kind: 'none' } : { kind: 'wanted', destinations };
}

function parseDestination(uri: string): ReportDestination[] {
  try {
    const url = new URL(uri);
    if (url.protocol === 'mailto:') return [{ scheme: 'mailto', address: parseMailAddress(decodeURIComponent(url.pathname)) }];
    return url.protocol === 'https:' && uri.length <= MAX_URL_CHARS ? [{ scheme: 'https', url: url.href }] : [];
  } catch {
    return [];
  }
}
