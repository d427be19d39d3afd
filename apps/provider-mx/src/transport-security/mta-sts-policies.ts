// Policies of other domains (RFC 8461), each kept as long as its domain said. Once seen, a policy holds although the DNS or the web server
// falls silent: else an attacker would only have to silence them. Kept in memory: after a restart the first message fetches anew.

import { Inject, Injectable } from '@nestjs/common';
import type { MTASTSPolicy } from 'mailauth';
import { resolvePolicy } from 'mailauth/lib/mta-sts.js';
import type { Clock } from '@paloma/shared-model';
import { dnsLookup } from '../authentication/dns-lookup.js';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, NETWORK } from '../injection-tokens.js';
import { hostLookup } from './host-lookup.js';
import type { NetworkConventions } from './network-conventions.js';
import { fetchPolicyFile } from './policy-file.js';
import type { TlsFailureType } from './tls-result.js';

interface KnownPolicy {
  /** Of the record in the DNS when the policy was last fetched, in vain or not. */
  id: string;
  policy: MTASTSPolicy | null;
  /** Why the last fetch was in vain. */
  failure: TlsFailureType | null;
  expiresAtMs: number;
  nextFetchMs: number;
}

export interface PolicyInForce {
  policy: MTASTSPolicy | null;
  failure: TlsFailureType | null;
}

/** RFC 8461 §10.2: a policy is renewed long before it expires, so that an attacker cannot just wait for that. */
const RENEWAL_MS = 24 * 60 * 60 * 1000;
/** RFC 8461 §3.3: what could not be fetched is left alone for 5 minutes. */
const RETRY_MS = 5 * 60 * 1000;
/** Domains remembered; some kilobytes each at most, a few hundred octets as a rule. */
const MAX_DOMAINS = 10_000;

@Injectable()
export class MtaStsPolicies {
  /** The one used longest ago first. */
  readonly #known = new Map<string, KnownPolicy>();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(NETWORK) private readonly network: NetworkConventions,
  ) {}

  /** The policy that holds for mail to the domain now; null with a failure: one is published and could not be had. */
  async find(domain: string): Promise<PolicyInForce> {
    const id = await this.#publishedId(domain);
    const known = this.#known.get(domain);
    const isDue = id !== null && (known === undefined || known.id !== id || known.nextFetchMs <= this.clock.nowMs());
    const current = isDue ? await this.#fetch(domain, id, known) : known;
    if (current !== undefined) this.#remember(domain, current);
    const policy = current !== undefined && current.expiresAtMs > this.clock.nowMs() ? current.policy : null;
    return { policy, failure: policy === null && id !== null ? current?.failure ?? null : null };
  }

  async #publishedId(domain: string): Promise<string | null> {
    try {
      return (await resolvePolicy(domain, { resolver: dnsLookup(this.configuration.dns.servers), strict: true })) || null;
    } catch {
      return null;
    }
  }

  async #fetch(domain: string, id: string, known: KnownPolicy | undefined): Promise<KnownPolicy> {
    const file = await fetchPolicyFile(domain, hostLookup(this.configuration.dns.servers), this.network);
    const nowMs = this.clock.nowMs();
    if (file.kind === 'none') return { id, policy: known?.policy ?? null, failure: file.failure, expiresAtMs: known?.expiresAtMs ?? nowMs, nextFetchMs: nowMs + RETRY_MS };
    const { policy } = file;
    return { id, policy, failure: null, expiresAtMs: nowMs + (policy.maxAge ?? 0) * 1000, nextFetchMs: nowMs + RENEWAL_MS };
  }

  #remember(domain: string, policy: KnownPolicy): void {
    this.#known.delete(domain);
    this.#known.set(domain, policy);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_DOMAINS && oldest !== undefined) this.#known.delete(oldest);
  }
}
