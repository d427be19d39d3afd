// How a domain's hosts must be reached: DANE where it binds, else MTA-STS where the domain enforces it, else opportunistic TLS. Decided
// for hosts that the DNS named; those in the operator's table are the operator's business.

import { Injectable } from '@nestjs/common';
import type { MTASTSPolicy } from 'mailauth';
import { validateMx } from 'mailauth/lib/mta-sts.js';
import { DanePolicy } from './dane-policy.js';
import { MtaStsPolicies } from './mta-sts-policies.js';
import { OPPORTUNISTIC, type TlsRequirement } from './tls-requirement.js';

export type HostPolicy =
  | { kind: 'usable'; tls: TlsRequirement }
  /** `reason`: for the notice to the sender. */
  | { kind: 'unusable'; reason: string };

@Injectable()
export class TransportPolicy {
  constructor(private readonly dane: DanePolicy, private readonly mtaSts: MtaStsPolicies) {}

  /** A policy for each host, in their order. */
  async find(domain: string, hosts: readonly string[]): Promise<HostPolicy[]> {
    const [policy, ...daneAnswers] = await Promise.all([this.mtaSts.find(domain), ...hosts.map((host) => this.dane.find(domain, host))]);
    return hosts.map((host, index) => {
      const dane = daneAnswers[index] ?? { kind: 'none' };
      // RFC 8461 §2: MTA-STS never overrides DANE, neither its yes nor its no.
      if (dane.kind === 'required') return { kind: 'usable', tls: dane.tls };
      if (dane.kind === 'unknown') return { kind: 'unusable', reason: `the DNS does not tell how ${host} must be authenticated (DANE)` };
      return underMtaSts(host, policy);
    });
  }
}

/** A policy in mode "testing" only asks for reports (RFC 8461 §5), which are not sent. */
function underMtaSts(host: string, policy: MTASTSPolicy | null): HostPolicy {
  if (policy?.mode !== 'enforce') return { kind: 'usable', tls: OPPORTUNISTIC };
  if (!validateMx(host, policy).valid) return { kind: 'unusable', reason: `${host} is not among the hosts that the domain's policy names (MTA-STS)` };
  return { kind: 'usable', tls: { kind: 'publicAuthority' } };
}
