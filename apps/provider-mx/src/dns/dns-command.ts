// `paloma-provider-mx dns`: what the domain's zone must hold, as a zone file; with `--check`, whether the DNS says so.

import type { Configuration } from '../config/configuration.js';
import { loadDkimKeys } from '../dkim/dkim-key.js';
import { loadListenerTls } from '../smtp/listener-tls.js';
import { formatZone, type DnsRecord } from './dns-record.js';
import { mtaStsPolicy, providerRecords } from './provider-records.js';
import { PublishedRecords, type Publication } from './published-records.js';

const SIGNS = { published: 'ok', missing: 'MISSING', different: 'DIFFERENT', outage: 'NO ANSWER' } as const satisfies Record<Publication['kind'], string>;

/** The zone file and the MTA-STS policy. */
export function zoneOf(configuration: Configuration): string {
  const policy = mtaStsPolicy(configuration.hostname).trimEnd().split('\r\n').map((line) => `;   ${line}`).join('\n');
  return `${formatZone(recordsOf(configuration))}\n; https://mta-sts.${configuration.domain}/.well-known/mta-sts.txt must answer with\n${policy}\n`;
}

/** A line a record; false when any is not published as it should be. */
export async function checkZone(configuration: Configuration, published: PublishedRecords, print: (line: string) => void): Promise<boolean> {
  const records = recordsOf(configuration);
  const outcomes = await Promise.all(records.map((record) => published.check(record)));
  for (const [index, record] of records.entries()) print(formatOutcome(record, outcomes[index] ?? { kind: 'outage' }));
  return outcomes.every(({ kind }) => kind === 'published');
}

function formatOutcome({ name, type, value }: DnsRecord, outcome: Publication): string {
  const line = `${SIGNS[outcome.kind].padEnd(10)} ${type.padEnd(5)} ${name}`;
  if (outcome.kind === 'different') return `${line}\n           is     ${outcome.found.join('\n           is     ')}\n           should ${value}`;
  return outcome.kind === 'missing' ? `${line}\n           should ${value}` : line;
}

function recordsOf({ domain, hostname, dns, stateDirectory, mx }: Configuration): DnsRecord[] {
  return providerRecords({
    domain,
    hostname,
    usersHostname: dns.usersHostname ?? hostname,
    reportAddress: dns.reportAddress ?? null,
    dkimKeys: loadDkimKeys(stateDirectory),
    certificate: loadListenerTls(mx)?.cert ?? null,
  });
}
