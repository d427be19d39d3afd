// Where a domain's mail goes: the operator's table, this deployment itself, or what the DNS says (RFC 5321 §5.1).

import { Inject, Injectable } from '@nestjs/common';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION, MAIL_EXCHANGER_RESOLVER, NETWORK } from '../injection-tokens.js';
import type { NetworkConventions } from '../transport-security/network-conventions.js';
import { OPPORTUNISTIC, type TlsRequirement } from '../transport-security/tls-requirement.js';
import type { AppliedPolicy } from '../transport-security/tls-result.js';
import { TransportPolicy } from '../transport-security/transport-policy.js';
import { silentFailure, type AttemptResult } from './attempt-result.js';
import type { MailExchanger, MailExchangerResolver } from './mail-exchanger-resolver.js';

export interface MailHost {
  host: string;
  port: number;
  tls: TlsRequirement;
  /** What is to be told to its domain about TLS; left out where the operator named the host, and for reports themselves. */
  applied?: AppliedPolicy;
}

export type Route =
  | { kind: 'local' }
  /** To be tried in this order. */
  | { kind: 'hosts'; hosts: readonly MailHost[] }
  | Exclude<AttemptResult, { kind: 'delivered' }>;

/** Hosts tried in one attempt, RFC 5321 §5.1 asks for at least two. */
const MAX_HOSTS = 5;

@Injectable()
export class Router {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(MAIL_EXCHANGER_RESOLVER) private readonly resolver: MailExchangerResolver,
    @Inject(NETWORK) private readonly network: NetworkConventions,
    private readonly transportPolicy: TransportPolicy,
  ) {}

  /** `isReport`: RFC 8460 §5.3.1 lets no policy stand in the way of a report about it. */
  async findRoute(domain: string, isReport = false): Promise<Route> {
    const { routes } = this.configuration;
    const exact = Object.hasOwn(routes, domain) ? routes[domain] : undefined;
    if (exact !== undefined) return { kind: 'hosts', hosts: [parseHostAndPort(exact)] };
    if (domain === this.configuration.domain) return { kind: 'local' };
    const smarthost = routes['*'];
    return smarthost === undefined ? this.#lookUp(domain, isReport) : { kind: 'hosts', hosts: [parseHostAndPort(smarthost)] };
  }

  async #lookUp(domain: string, isReport: boolean): Promise<Route> {
    const answer = await this.resolver.resolveMailExchangers(domain);
    switch (answer.kind) {
      case 'outage': return { kind: 'deferred', failure: silentFailure('4.4.3') };
      case 'noSuchDomain': return { kind: 'failed', failure: silentFailure('5.1.2') };
      case 'noRecords': return this.#implicitExchanger(domain, isReport);
      case 'records': return this.#chooseExchangers(domain, answer.records, isReport);
    }
  }

  /** RFC 5321 §5.1: without MX records the domain itself is the host. */
  async #implicitExchanger(domain: string, isReport: boolean): Promise<Route> {
    switch (await this.resolver.resolveAddress(domain)) {
      case 'hasAddress': return this.#underPolicy(domain, [domain], isReport);
      case 'noAddress': return { kind: 'failed', failure: silentFailure('5.1.2') };
      case 'outage': return { kind: 'deferred', failure: silentFailure('4.4.3') };
    }
  }

  async #chooseExchangers(domain: string, records: readonly MailExchanger[], isReport: boolean): Promise<Route> {
    // RFC 7505 §3: the null MX says that the domain takes no mail.
    if (records.every(({ exchange }) => exchange === '' || exchange === '.')) return { kind: 'failed', failure: silentFailure('5.1.10') };
    const own = records.find(({ exchange }) => exchange.toLowerCase() === this.configuration.hostname);
    // RFC 5321 §5.1: only exchangers before ourselves may be used, else mail loops.
    const usable = records.filter(({ exchange, priority }) => exchange !== '' && (own === undefined || priority < own.priority));
    if (usable.length === 0) return { kind: 'failed', failure: silentFailure('5.4.6') };
    const sorted = usable.toSorted((left, right) => left.priority - right.priority).slice(0, MAX_HOSTS);
    return this.#underPolicy(domain, sorted.map(({ exchange }) => exchange), isReport);
  }

  /** Hosts that must not be used are left out; when none is left, the next attempt may find another policy, or other hosts. */
  async #underPolicy(domain: string, names: readonly string[], isReport: boolean): Promise<Route> {
    if (isReport) return { kind: 'hosts', hosts: names.map((host) => ({ host, port: this.network.smtpPort, tls: OPPORTUNISTIC })) };
    const policies = await this.transportPolicy.find(domain, names);
    const reasons = policies.flatMap((policy) => (policy.kind === 'unusable' ? [policy.reason] : []));
    if (reasons.length === names.length) return { kind: 'deferred', failure: { status: '4.7.5', diagnostic: reasons.join('; '), remoteMta: null } };
    const hosts = names.flatMap((host, index): MailHost[] => {
      const policy = policies[index];
      return policy?.kind === 'usable' ? [{ host, port: this.network.smtpPort, tls: policy.tls, applied: policy.applied }] : [];
    });
    return { kind: 'hosts', hosts };
  }
}

/** `host:port`; an IPv6 address stands in brackets. The form was checked with the configuration. */
function parseHostAndPort(text: string): MailHost {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)), tls: OPPORTUNISTIC };
}
