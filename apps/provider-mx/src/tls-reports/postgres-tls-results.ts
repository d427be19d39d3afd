// Results of TLS by policy, domain and UTC day, for reports. Kept for those domains alone that ask; no address of anybody is in it.

import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock, RandomSource } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, RANDOM } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import type { AppliedPolicy, TlsOutcome, TlsResults } from '../transport-security/tls-result.js';
import { DAY_MS, dueAtMs } from './report-day.js';
import { ReportRequests } from './report-requests.js';

/** Of one day. Results of further domains are not kept. */
const MAX_DOMAINS = 10_000;
/** Of one domain and day: each policy with its successes, each kind of failure of each host. */
const MAX_RESULTS = 100;
/** Of one policy: what is longer is cut. */
const MAX_POLICY_LINES = 50;
const MAX_LINE_CHARS = 1000;

@Injectable()
export class PostgresTlsResults implements TlsResults {
  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: ReportRequests,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
    private readonly log: Log,
  ) {}

  async note(policy: AppliedPolicy, outcome: TlsOutcome, mxHost: string): Promise<void> {
    if (!this.configuration.tlsReports.send) return;
    try {
      const domain = domainToASCII(policy.domain);
      if (domain !== '' && (await this.requests.find(domain)).kind !== 'none') await this.#count({ ...policy, domain }, outcome, outcome === null ? '' : mxHost.slice(0, MAX_LINE_CHARS));
    } catch (error) {
      this.log.outage('results of TLS', error);   // mail goes on
    }
  }

  async #count({ domain, type, lines, mxPatterns }: AppliedPolicy, outcome: TlsOutcome, mxHost: string): Promise<void> {
    const day = Math.floor(this.clock.nowMs() / DAY_MS);
    const policy = JSON.stringify({ type, lines: bounded(lines), mxPatterns: bounded(mxPatterns) });
    const sha256 = createHash('sha256').update(policy).digest();
    await this.dataSource.query(`
      INSERT INTO provider_mx.tls_report (day, domain, due_at_ms) SELECT $1::int4, $2::text, $3::int8
      WHERE (SELECT count(*) FROM provider_mx.tls_report WHERE day = $1) < $4 ON CONFLICT DO NOTHING`, [day, domain, dueAtMs(day, this.random), MAX_DOMAINS]);
    await this.dataSource.query(`
      INSERT INTO provider_mx.tls_result AS known (day, domain, policy_sha256, failure_type, mx_host, policy, sessions)
      SELECT day, domain, $3::bytea, $4::text, $5::text, $6::text, 1 FROM provider_mx.tls_report WHERE day = $1 AND domain = $2
        AND (SELECT count(*) FROM provider_mx.tls_result WHERE day = $1 AND domain = $2 AND (policy_sha256, failure_type, mx_host) <> ($3::bytea, $4::text, $5::text)) < $7
      ON CONFLICT (day, domain, policy_sha256, failure_type, mx_host) DO UPDATE SET sessions = known.sessions + 1`, [day, domain, sha256, outcome ?? '', mxHost, policy, MAX_RESULTS]);
  }
}

function bounded(lines: readonly string[]): string[] {
  return lines.slice(0, MAX_POLICY_LINES).map((line) => line.slice(0, MAX_LINE_CHARS));
}
