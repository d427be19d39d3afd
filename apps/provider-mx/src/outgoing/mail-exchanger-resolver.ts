// DNS as the router needs it. Only an answer of the DNS may say "no"; everything else is an outage.

import { Resolver } from 'node:dns/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';

export interface MailExchanger {
  /** Empty in the null MX, RFC 7505. */
  exchange: string;
  priority: number;
}

export type MailExchangerAnswer = { kind: 'records'; records: readonly MailExchanger[] } | { kind: 'noRecords' } | { kind: 'noSuchDomain' } | { kind: 'outage' };
export type AddressAnswer = 'hasAddress' | 'noAddress' | 'outage';

export interface MailExchangerResolver {
  resolveMailExchangers(domain: string): Promise<MailExchangerAnswer>;
  resolveAddress(domain: string): Promise<AddressAnswer>;
}

const QUERY_TIMEOUT_MS = 5_000;
const QUERY_TRIES = 3;

@Injectable()
export class DnsMailExchangerResolver implements MailExchangerResolver {
  readonly #resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });

  constructor(@Inject(CONFIGURATION) { dns: { servers } }: Configuration) {
    if (servers.length > 0) this.#resolver.setServers(servers);
  }

  async resolveMailExchangers(domain: string): Promise<MailExchangerAnswer> {
    try {
      return { kind: 'records', records: await this.#resolver.resolveMx(domain) };
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENODATA') return { kind: 'noRecords' };
      return code === 'ENOTFOUND' ? { kind: 'noSuchDomain' } : { kind: 'outage' };
    }
  }

  async resolveAddress(domain: string): Promise<AddressAnswer> {
    const queries = await Promise.allSettled([this.#resolver.resolve4(domain), this.#resolver.resolve6(domain)]);
    if (queries.some((query) => query.status === 'fulfilled' && query.value.length > 0)) return 'hasAddress';
    const isDenied = (query: PromiseSettledResult<string[]>): boolean => query.status === 'fulfilled' || ['ENODATA', 'ENOTFOUND'].includes(codeOf(query.reason));
    return queries.every(isDenied) ? 'noAddress' : 'outage';
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}
