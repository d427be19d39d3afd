import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';

const HOUR_MS = 60 * 60 * 1000;

/** What each account has submitted in this hour of the clock, over all processes: a stolen session must not ruin the name of the domain. */
@Injectable()
export class SubmissionUsage {
  constructor(private readonly dataSource: DataSource, @Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** Counts a message, or false when it would be too much; then it does not count. */
  async tryCount(accountId: AccountId, recipients: number, nowMs: number): Promise<boolean> {
    const { messagesPerHour, recipientsPerHour } = this.configuration.submission;
    const hour = Math.floor(nowMs / HOUR_MS);
    await this.dataSource.query('DELETE FROM provider_mx.submission_usage WHERE hour < $1', [hour]);
    const counted = await this.dataSource.query<unknown[]>(`
      INSERT INTO provider_mx.submission_usage AS known (account_id, hour, messages, recipients) VALUES ($1, $2, 1, $3)
      ON CONFLICT (account_id) DO UPDATE SET messages = known.messages + 1, recipients = known.recipients + $3
        WHERE known.messages < $4 AND known.recipients + $3 <= $5
      RETURNING 1`, [accountId, hour, recipients, messagesPerHour, recipientsPerHour]);
    return counted.length > 0;
  }
}
