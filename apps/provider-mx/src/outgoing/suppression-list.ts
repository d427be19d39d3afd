// Recipients who failed for good again and again are not taken for a while: hosts that are written to about mailboxes they do not have
// think of it as spam. Kept for each sender apart, so that nobody silences or learns of another's correspondents, and as keyed hashes.

import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { canonicalAddress, type MailAddress } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import type { DeliveryKey } from '../config/secret-files.js';
import { CONFIGURATION, DELIVERY_KEY } from '../injection-tokens.js';
import type { AttemptResult } from './attempt-result.js';
import type { Claim } from './outgoing-queue.js';

/** Keeps these hashes apart from others made with the same key. */
const PURPOSE = 'suppression';
/** Old entries forgotten with each new one: more than one, so that they never pile up. */
const FORGOTTEN_PER_ADDITION = 10;
/** RFC 3463 §3.2, §3.3: the address leads nowhere. Refusals of a message say nothing about the next one. */
const DEAD_ADDRESS = /^5\.(?:1\.\d+|2\.1)$/;

@Injectable()
export class SuppressionList {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(DELIVERY_KEY) private readonly key: DeliveryKey,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Counts those whose address leads nowhere, and forgets those that got a message. `results` in the order of the claim's recipients. */
  async record({ reversePath, recipients }: Claim, results: readonly AttemptResult[], nowMs: number): Promise<void> {
    if (reversePath === '') return;
    for (const [index, { forwardPath }] of recipients.entries()) {
      const result = results[index];
      if (result?.kind === 'delivered') await this.dataSource.query('DELETE FROM provider_mx.suppression WHERE recipient_hash = $1', [this.#hash(reversePath, forwardPath)]);
      if (result?.kind === 'failed' && DEAD_ADDRESS.test(result.failure.status)) await this.#count(this.#hash(reversePath, forwardPath), nowMs);
    }
  }

  async isSuppressed(reversePath: string, forwardPath: MailAddress, nowMs: number): Promise<boolean> {
    const { afterFailures } = this.configuration.suppression;
    const rows = await this.dataSource.query<unknown[]>(`SELECT 1 FROM provider_mx.suppression
      WHERE recipient_hash = $1 AND failures >= $2 AND last_failed_at_ms > $3`, [this.#hash(reversePath, forwardPath), afterFailures, this.#oldestMs(nowMs)]);
    return rows.length > 0;
  }

  async #count(hash: Buffer, nowMs: number): Promise<void> {
    await this.dataSource.query(`DELETE FROM provider_mx.suppression WHERE recipient_hash IN (
      SELECT recipient_hash FROM provider_mx.suppression WHERE last_failed_at_ms <= $1
      ORDER BY last_failed_at_ms LIMIT ${FORGOTTEN_PER_ADDITION} FOR UPDATE SKIP LOCKED)`, [this.#oldestMs(nowMs)]);
    await this.dataSource.query(`INSERT INTO provider_mx.suppression AS known (recipient_hash, failures, last_failed_at_ms) VALUES ($1, 1, $2)
      ON CONFLICT (recipient_hash) DO UPDATE SET last_failed_at_ms = $2, failures = CASE WHEN known.last_failed_at_ms > $3 THEN known.failures + 1 ELSE 1 END`,
    [hash, nowMs, this.#oldestMs(nowMs)]);
  }

  /** Failures before this are forgotten. */
  #oldestMs(nowMs: number): number {
    return nowMs - this.configuration.suppression.forSeconds * 1000;
  }

  #hash(reversePath: string, forwardPath: MailAddress): Buffer {
    return createHmac('sha256', this.key.reveal()).update(JSON.stringify([PURPOSE, reversePath.toLowerCase(), canonicalAddress(forwardPath)])).digest();
  }
}
