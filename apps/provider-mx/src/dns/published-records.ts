// What the DNS says of a record that ought to be there.

import { Resolver } from 'node:dns/promises';
import type { DnsRecord } from './dns-record.js';

export type Publication =
  | { kind: 'published' }
  | { kind: 'missing' }
  /** Another value stands where ours should. */
  | { kind: 'different'; found: readonly string[] }
  /** The DNS gave no answer. */
  | { kind: 'outage' };

const QUERY_TIMEOUT_MS = 5_000;
const QUERY_TRIES = 2;

export class PublishedRecords {
  readonly #resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });

  /** `server`: `address:port` of a DNS server to ask instead of the system's. */
  constructor(server: string | null = null) {
    if (server !== null) this.#resolver.setServers([server]);
  }

  async check(record: DnsRecord): Promise<Publication> {
    const found = await this.#lookUp(record);
    if (found === 'outage') return { kind: 'outage' };
    if (found.some((value) => sameValue(value, record.value))) return { kind: 'published' };
    if (record.type === 'CNAME' && found.length === 0 && (await this.#hasAddress(record.name))) return { kind: 'published' };
    const rivals = record.type === 'TXT' ? found.filter((value) => versionOf(value) === versionOf(record.value)) : found;
    return rivals.length === 0 ? { kind: 'missing' } : { kind: 'different', found: rivals };
  }

  async #lookUp({ name, type }: DnsRecord): Promise<string[] | 'outage'> {
    const host = name.slice(0, -1);
    return answerOf(async () => {
      switch (type) {
        case 'TXT': return (await this.#resolver.resolveTxt(host)).map((strings) => strings.join(''));
        case 'MX': return (await this.#resolver.resolveMx(host)).map(({ priority, exchange }) => `${priority} ${absolute(exchange)}`);
        case 'CNAME': return (await this.#resolver.resolveCname(host)).map(absolute);
        case 'SRV': return (await this.#resolver.resolveSrv(host)).map((srv) => `${srv.priority} ${srv.weight} ${srv.port} ${absolute(srv.name)}`);
        case 'TLSA': return (await this.#resolver.resolveTlsa(host)).map((tlsa) => `${tlsa.certUsage} ${tlsa.selector} ${tlsa.match} ${Buffer.from(tlsa.data).toString('hex')}`);
      }
    });
  }

  /** A host of one's own in place of the alias does as well. */
  async #hasAddress(name: string): Promise<boolean> {
    const answers = await Promise.all([answerOf(() => this.#resolver.resolve4(name.slice(0, -1))), answerOf(() => this.#resolver.resolve6(name.slice(0, -1)))]);
    return answers.some((addresses) => addresses !== 'outage' && addresses.length > 0);
  }
}

async function answerOf(query: () => Promise<string[]>): Promise<string[] | 'outage'> {
  try {
    return await query();
  } catch (error) {
    return ['ENODATA', 'ENOTFOUND'].includes((error as { code?: string }).code ?? '') ? [] : 'outage';
  }
}

function absolute(name: string): string {
  return `${name.toLowerCase().replace(/\.$/, '')}.`;
}

/** Tags of a record may be parted by white space or none. */
function sameValue(left: string, right: string): boolean {
  const bare = (text: string): string => text.replace(/\s*;\s*/g, ';').replace(/;$/, '').trim();
  return bare(left) === bare(right);
}

/** `v=spf1`, `v=DKIM1`…: a name may hold TXT records of many kinds. */
function versionOf(text: string): string {
  return /^v=[^;\s]+/.exec(text)?.[0] ?? text;
}
