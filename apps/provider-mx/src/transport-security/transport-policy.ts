// How a domain's hosts must be reached: DANE where it binds, else MTA-STS where the domain enforces it, else opportunistic TLS. Decided
// for hosts that the DNS named; those in the operator's table are the operator's business.

import { Inject, Injectable } from '@nestjs/common';
import type { MTASTSPolicy } from 'mailauth';
import { validateMx } from 'mailauth/lib/mta-sts.js';
import { TLS_RESULTS } from '../injection-tokens.js';
import { DanePolicy } from './dane-policy.js';
import { MtaStsPolicies } from './mta-sts-policies.js';
import { OPPORTUNISTIC, type TlsRequirement } from './tls-requirement.js';
import { daneApplied, mtaStsApplied, withoutPolicy, type AppliedPolicy, type TlsFailureType, type TlsResults } from './tls-result.js';

export type HostPolicy =
  | { kind: 'usable'; tls: TlsRequirement; applied: AppliedPolicy }
  /** `reason`: for the notice to the sender; `failure`: for the report to the domain. */
  | { kind: 'unusable'; reason: string; failure: TlsFailureType; applied: AppliedPolicy };

@Injectable()
export class TransportPolicy {
  constructor(private readonly dane: DanePolicy, private readonly mtaSts: MtaStsPolicies, @Inject(TLS_RESULTS) private readonly results: TlsResults) {}

  /** A policy for each host, in their order. */
  async find(domain: string, hosts: readonly string[]): Promise<HostPolicy[]> {
    const [{ policy, failure }, ...daneAnswers] = await Promise.all([this.mtaSts.find(domain), ...hosts.map((host) => this.dane.find(domain, host))]);
    if (failure !== null) await this.results.note(mtaStsApplied(domain, null), failure, `mta-sts.${domain}`);
    const policies = hosts.map((host, index): HostPolicy => {
      const dane = daneAnswers[index] ?? { kind: 'none' };
      // RFC 8461 §2: MTA-STS never overrides DANE, neither its yes nor its no.
      if (dane.kind === 'required') return { kind: 'usable', tls: dane.tls, applied: daneApplied(domain, dane.tls.kind === 'dane' ? dane.tls.records : []) };
      if (dane.kind === 'unknown') return { kind: 'unusable', reason: `the DNS does not tell how ${host} must be authenticated (DANE)`, failure: 'dnssec-invalid', applied: daneApplied(domain, []) };
      return underMtaSts(domain, host, policy);
    });
    for (const [index, { applied, ...found }] of policies.entries()) if (found.kind === 'unusable') await this.results.note(applied, found.failure, hosts[index]!);
    return policies;
  }
}

/** A policy in mode "testing" binds nobody and is only reported about (RFC 8461 §5). */
function underMtaSts(domain: string, host: string, policy: MTASTSPolicy | null): HostPolicy {
  if (policy === null || policy.mode === 'none') return { kind: 'usable', tls: OPPORTUNISTIC, applied: withoutPolicy(domain) };
  const applied = mtaStsApplied(domain, policy);
  if (policy.mode === 'testing') return { kind: 'usable', tls: OPPORTUNISTIC, applied };
  if (!validateMx(host, policy).valid) return { kind: 'unusable', reason: `${host} is not among the hosts that the domain's policy names (MTA-STS)`, failure: 'validation-failure', applied };
  return { kind: 'usable', tls: { kind: 'publicAuthority' }, applied };
}
