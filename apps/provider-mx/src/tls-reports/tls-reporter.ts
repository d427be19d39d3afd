// Sends the reports of the days that are over, RFC 8460 §5. Any number of processes may do it: a report that is taken is out of the others'
// sight for an hour; it goes when it was sent, and comes back when it could not be. A mail twice has one id, and is queued once.

import { gzipSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { formatTlsReportMessage } from '@paloma/mail-format';
import type { Clock, RandomSource } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import type { DeliveryKey } from '../config/secret-files.js';
import { query } from '../database/query.js';
import { DkimSigner } from '../dkim/dkim-signer.js';
import { CLOCK, CONFIGURATION, DELIVERY_KEY, NETWORK, OUTGOING_QUEUE, RANDOM } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import type { OutgoingQueue } from '../outgoing/outgoing-queue.js';
import { keyedMessageId } from '../submission/queued-message-id.js';
import { hostLookup } from '../transport-security/host-lookup.js';
import type { NetworkConventions } from '../transport-security/network-conventions.js';
import { aggregateReport, type CountedResult, type ReportHead } from './aggregate-report.js';
import { postReport } from './post-report.js';
import { DAY_MS, MAX_DELAY_MS } from './report-day.js';
import { ReportRequests, type ReportDestination } from './report-requests.js';

/** How often it is looked whether one is due; they are hours apart. */
const POLL_MS = 10 * 60 * 1000;
const RETRY_MS = 60 * 60 * 1000;
/** RFC 8460 §5.5: tried for a day; then nobody wants to know any more. */
const GIVE_UP_MS = DAY_MS + MAX_DELAY_MS;

interface DueReport {
  day: number;
  domain: string;
}

@Injectable()
export class TlsReporter {
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: ReportRequests,
    private readonly dkim: DkimSigner,
    private readonly log: Log,
    @Inject(OUTGOING_QUEUE) private readonly queue: OutgoingQueue,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(NETWORK) private readonly network: NetworkConventions,
    @Inject(DELIVERY_KEY) private readonly deliveryKey: DeliveryKey,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  start(): void {
    if (this.configuration.tlsReports.send) this.#timer = setInterval(() => void this.sendDue(), POLL_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#sending;
  }

  /** Sends what is due now, one report after another. */
  sendDue(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendDue()).catch((error: unknown) => this.log.outage('reports about TLS', error));
    return this.#sending;
  }

  async #sendDue(): Promise<void> {
    await this.#forgetOld();
    for (let report = await this.#take(); report !== null; report = await this.#take()) {
      const isSent = await this.#send(report);
      if (isSent) await query(this.dataSource.manager, 'DELETE FROM provider_mx.tls_report WHERE day = $1 AND domain = $2', [report.day, report.domain]);
      this.log.event('tlsReport', { isSent });
    }
  }

  /** True when everybody who wants it has it, or nobody wants it. */
  async #send({ day, domain }: DueReport): Promise<boolean> {
    const request = await this.requests.find(domain);
    if (request.kind !== 'wanted') return request.kind === 'none';
    const results = await this.#resultsOf(day, domain);
    if (results.length === 0) return true;
    const { domain: own, dns } = this.configuration;
    const reportId = `${new Date(day * DAY_MS).toISOString().slice(0, 10)}.${domain}@${own}`;
    const head = { organization: own, contact: dns.reportAddress ?? `postmaster@${own}`, reportId, day, domain };
    const gzip = gzipSync(JSON.stringify(aggregateReport(head, results)));
    const taken = await Promise.all(request.destinations.map((destination) => this.#handOver(destination, head, gzip)));
    return taken.every(Boolean);
  }

  async #handOver(destination: ReportDestination, head: ReportHead, gzip: Uint8Array): Promise<boolean> {
    if (destination.scheme === 'https') return postReport(destination.url, gzip, hostLookup(this.configuration.dns.servers), this.network);
    const { address } = destination;
    const startMs = head.day * DAY_MS;
    const octets = formatTlsReportMessage({
      from: head.contact, to: address, submitter: head.organization, policyDomain: head.domain, reportId: head.reportId, gzip, date: this.clock.nowMs(), startMs, endMs: startMs + DAY_MS - 1000,
    }, () => Buffer.from(this.random.bytes(15)).toString('hex'));
    const messageId = keyedMessageId(this.deliveryKey, ['tls report', String(head.day), head.domain, address]);
    await this.queue.add(messageId, { reversePath: '', forwardPaths: [address], octets: this.dkim.sign(octets), isTlsReport: true }, this.clock.nowMs());
    return true;
  }

  async #take(): Promise<DueReport | null> {
    const nowMs = this.clock.nowMs();
    const [report] = await query<DueReport>(this.dataSource.manager, `
      UPDATE provider_mx.tls_report SET due_at_ms = $2 WHERE (day, domain) = (
        SELECT day, domain FROM provider_mx.tls_report WHERE day < $3 AND due_at_ms <= $1 ORDER BY due_at_ms LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING day, domain`, [nowMs, nowMs + RETRY_MS, Math.floor(nowMs / DAY_MS)]);
    return report ?? null;
  }

  async #resultsOf(day: number, domain: string): Promise<CountedResult[]> {
    const rows = await query<Omit<CountedResult, 'policy'> & { policy: string }>(this.dataSource.manager, `
      SELECT policy, failure_type AS "failureType", mx_host AS "mxHost", sessions::float8 AS sessions FROM provider_mx.tls_result
      WHERE day = $1 AND domain = $2 ORDER BY policy, failure_type, mx_host`, [day, domain]);
    return rows.map((row) => ({ ...row, policy: JSON.parse(row.policy) as CountedResult['policy'] }));
  }

  async #forgetOld(): Promise<void> {
    await query(this.dataSource.manager, 'DELETE FROM provider_mx.tls_report WHERE day < $1', [Math.floor((this.clock.nowMs() - GIVE_UP_MS) / DAY_MS)]);
  }
}
