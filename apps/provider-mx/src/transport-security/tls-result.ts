// How TLS to a host went, as its domain is told when it asks (RFC 8460).

import type { MTASTSPolicy } from 'mailauth';
import type { TlsaRecord } from './tls-requirement.js';

/** RFC 8460 §4.3. */
export type TlsFailureType =
  | 'starttls-not-supported' | 'certificate-host-mismatch' | 'certificate-expired' | 'certificate-not-trusted' | 'validation-failure'
  | 'tlsa-invalid' | 'dnssec-invalid' | 'sts-policy-fetch-error' | 'sts-policy-invalid' | 'sts-webpki-invalid';

/** null: TLS was as the policy wants it. */
export type TlsOutcome = TlsFailureType | null;

/** The policy that a session was held to, RFC 8460 §4.4. */
export interface AppliedPolicy {
  /** Of the recipients. */
  domain: string;
  type: 'tlsa' | 'sts' | 'no-policy-found';
  /** Lines of the policy, or TLSA records in presentation form. */
  lines: readonly string[];
  /** Hosts that an MTA-STS policy names. */
  mxPatterns: readonly string[];
}

/** Hears of every negotiation with a host that the DNS named. Never rejects. */
export interface TlsResults {
  note(policy: AppliedPolicy, outcome: TlsOutcome, mxHost: string): Promise<void>;
}

export function withoutPolicy(domain: string): AppliedPolicy {
  return { domain, type: 'no-policy-found', lines: [], mxPatterns: [] };
}

/** `policy` null: it is published and could not be had. */
export function mtaStsApplied(domain: string, policy: MTASTSPolicy | null): AppliedPolicy {
  if (policy === null) return { domain, type: 'sts', lines: [], mxPatterns: [] };
  const { mode, maxAge = 0, mx = [] } = policy;
  return { domain, type: 'sts', lines: ['version: STSv1', `mode: ${mode}`, ...mx.map((pattern) => `mx: ${pattern}`), `max_age: ${maxAge}`], mxPatterns: mx };
}

export function daneApplied(domain: string, records: readonly TlsaRecord[]): AppliedPolicy {
  const lines = records.map(({ usage, selector, matchingType, association }) => `${usage} ${selector} ${matchingType} ${association.toString('hex')}`);
  return { domain, type: 'tlsa', lines, mxPatterns: [] };
}
