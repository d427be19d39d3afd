import { Resolver } from 'node:dns/promises';

/** Records of one kind, as node:dns gives them; rejects with the code of node:dns. */
export type DnsLookup = (name: string, type: string) => Promise<string[][] | string[]>;

/** What one message may ask: SPF alone allows some twenty questions (RFC 7208 §4.6.4); a message with hundreds of signatures gets no more. */
const MAX_QUESTIONS = 64;
const QUERY_TIMEOUT_MS = 3_000;
const QUERY_TRIES = 2;

/** A lookup for one message. `servers`: `address:port` each; none: the system's. */
export function dnsLookup(servers: readonly string[]): DnsLookup {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  let questions = 0;
  return async (name, type) => {
    questions += 1;
    if (questions > MAX_QUESTIONS) throw Object.assign(new Error('too many DNS questions'), { code: 'ESERVFAIL' });
    return (await resolver.resolve(name, type)) as string[][] | string[];
  };
}
