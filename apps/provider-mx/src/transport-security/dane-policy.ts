// Whether a host has TLSA records that bind us (RFC 7672 §2.2). They do only when every step to them is proven by DNSSEC: the MX records
// of the domain, the addresses of the host, the TLSA records themselves.
// departs from RFC 7672 §2.2.2: records are sought under the name in the MX record alone, not also under what it is an alias of (RFC 5321
// §5.1 forbids such aliases).

import { Inject, Injectable } from '@nestjs/common';
import type { Answer, TlsaData } from 'dns-packet';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { dnssecLookup, type DnssecLookup } from './dnssec-lookup.js';
import type { TlsaRecord, TlsRequirement } from './tls-requirement.js';

/** "unknown": the DNS does not tell whether there are records; the host must not be used, since an attacker could be the cause. */
export type DaneAnswer = { kind: 'required'; tls: TlsRequirement } | { kind: 'none' } | { kind: 'unknown' };

/** Octets of a hash, by matching type. */
const HASH_BYTES = new Map([[1, 32], [2, 64]]);

@Injectable()
export class DanePolicy {
  readonly #lookUp: DnssecLookup | null;

  constructor(@Inject(CONFIGURATION) { dns: { servers } }: Configuration) {
    this.#lookUp = dnssecLookup(servers);
  }

  /** `host`: an exchanger of the domain, or the domain itself where it has none. */
  async find(domain: string, host: string): Promise<DaneAnswer> {
    if (this.#lookUp === null) return { kind: 'none' };
    const exchangers = await this.#lookUp(domain, 'MX');
    if (exchangers.kind !== 'secure') return withoutProof(exchangers.kind);
    if (!namesHost(exchangers.answers, domain, host)) return { kind: 'unknown' };
    const addresses = await Promise.all([this.#lookUp(host, 'A'), this.#lookUp(host, 'AAAA')]);
    if (addresses.some(({ kind }) => kind === 'outage')) return { kind: 'unknown' };
    if (addresses.some(({ kind }) => kind === 'insecure')) return { kind: 'none' };
    const tlsa = await this.#lookUp(`_25._tcp.${host}`, 'TLSA');
    return tlsa.kind === 'secure' ? requirementOf(tlsa.answers, [host, domain]) : withoutProof(tlsa.kind);
  }
}

function withoutProof(kind: 'insecure' | 'outage'): DaneAnswer {
  return { kind: kind === 'insecure' ? 'none' : 'unknown' };
}

/** The host came from a question of its own: it must be among what is proven. */
function namesHost(answers: readonly Answer[], domain: string, host: string): boolean {
  const exchanges = answers.flatMap((answer) => (answer.type === 'MX' ? [canonical(answer.data.exchange)] : []));
  return exchanges.length === 0 ? canonical(host) === canonical(domain) : exchanges.includes(canonical(host));
}

function requirementOf(answers: readonly Answer[], names: readonly string[]): DaneAnswer {
  const all = answers.flatMap((answer) => (answer.type === 'TLSA' ? [answer.data] : []));
  if (all.length === 0) return { kind: 'none' };
  const records = all.flatMap(usableRecord);
  return { kind: 'required', tls: records.length === 0 ? { kind: 'encrypted' } : { kind: 'dane', records, names } };
}

/** RFC 7672 §3.1.3: usages 0 and 1 cannot be used; nor can what we do not know or what is cut short. */
function usableRecord({ usage, selector, matchingType, certificate: association }: TlsaData): TlsaRecord[] {
  if ((usage !== 2 && usage !== 3) || (selector !== 0 && selector !== 1) || (matchingType !== 0 && matchingType !== 1 && matchingType !== 2)) return [];
  const expectedBytes = HASH_BYTES.get(matchingType) ?? association.length;
  return association.length === expectedBytes && association.length > 0 ? [{ usage, selector, matchingType, association }] : [];
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
