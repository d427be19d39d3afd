// What an operator sees of the queue and does to it, beside the running processes: it needs the database, shows no address, and needs a key only
// to find what somebody has sent.

import type { DataSource } from 'typeorm';
import { canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import type { QueueKey } from '../config/secret-files.js';
import { openMessage } from './queue-seal.js';

/** `sender`: the reverse path, canonical. */
export type QueueSelection = { kind: 'all' } | { kind: 'id'; id: string } | { kind: 'domain'; domain: string } | { kind: 'sender'; sender: MailAddress };
/** hold: no more attempts; release: ends that; retry: due now; fail: given up now, with the notice to the sender. */
export type QueueAction = 'hold' | 'release' | 'retry' | 'fail';

/** Recipients of one message in one domain. */
export interface QueuedGroup {
  messageId: string;
  destination: string;
  recipients: number;
  acceptedAtMs: number;
  failedAttempts: number;
  /** null: never, the message cannot be opened. */
  dueAtMs: number | null;
  lastStatus: string | null;
  isHeld: boolean;
}

/** First so many are shown: the queue of an outage is long, and its start is like its end. */
const MAX_LISTED = 1000;
const CHANNEL = 'provider_mx_outgoing';
/** $1: now. What an attempt is under way for is left to it. */
const NOT_UNDER_WAY = 'due_at_ms IS NOT NULL AND (lease_id IS NULL OR due_at_ms <= $1)';

const CHANGES = {
  hold: 'is_held = true',
  release: 'is_held = false',
  retry: 'due_at_ms = $1',
  fail: 'due_at_ms = $1, is_held = false, is_given_up = true',
} as const satisfies Record<QueueAction, string>;

export class QueueControl {
  /** `loadKey`: called when somebody's messages are looked for. */
  constructor(private readonly dataSource: DataSource, private readonly loadKey: () => QueueKey) {}

  /** The oldest first. */
  async list(selection: QueueSelection): Promise<QueuedGroup[]> {
    const { condition, parameters } = await this.#conditionOf(selection, 1);
    return this.dataSource.query<QueuedGroup[]>(`
      SELECT message_id AS "messageId", destination, count(*)::int4 AS recipients, accepted_at_ms AS "acceptedAtMs", max(failed_attempts) AS "failedAttempts",
        min(due_at_ms) AS "dueAtMs", max(last_status) AS "lastStatus", bool_or(is_held) AS "isHeld"
      FROM provider_mx.outgoing_recipient JOIN provider_mx.outgoing_message USING (message_id)
      WHERE ${condition} GROUP BY message_id, destination, accepted_at_ms ORDER BY accepted_at_ms, message_id, destination LIMIT ${MAX_LISTED}`, parameters);
  }

  /** How many recipients it was done to. Those whom an attempt is under way for are left out, except by "hold" and "release". */
  async act(action: QueueAction, selection: QueueSelection, nowMs: number): Promise<number> {
    const { condition, parameters } = await this.#conditionOf(selection, 2);
    const isForAll = action === 'hold' || action === 'release';
    return this.dataSource.transaction(async (manager) => {
      const changed = await manager.query<{ count: number }[]>(`
        WITH changed AS (
          UPDATE provider_mx.outgoing_recipient SET ${CHANGES[action]}
          WHERE ${condition} AND (${isForAll ? '$1::int8 IS NOT NULL' : NOT_UNDER_WAY}) RETURNING 1
        ) SELECT count(*) AS count FROM changed`, [nowMs, ...parameters]);
      await manager.query(`SELECT pg_notify('${CHANNEL}', '')`);
      return changed[0]?.count ?? 0;
    });
  }

  /** By id: the hash in hexadecimal. */
  suppressions(): Promise<{ id: string; failures: number; lastFailedAtMs: number }[]> {
    return this.dataSource.query(`SELECT encode(recipient_hash, 'hex') AS id, failures, last_failed_at_ms AS "lastFailedAtMs"
      FROM provider_mx.suppression ORDER BY last_failed_at_ms DESC LIMIT ${MAX_LISTED}`);
  }

  /** How many were dropped; `id` null: all. */
  async dropSuppressions(id: string | null): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(`
      WITH dropped AS (DELETE FROM provider_mx.suppression WHERE $1::text IS NULL OR encode(recipient_hash, 'hex') = $1 RETURNING 1)
      SELECT count(*) AS count FROM dropped`, [id]);
    return row?.count ?? 0;
  }

  /** `first`: number of the first parameter. */
  async #conditionOf(selection: QueueSelection, first: number): Promise<{ condition: string; parameters: unknown[] }> {
    switch (selection.kind) {
      case 'all': return { condition: 'true', parameters: [] };
      case 'id': return { condition: `message_id = $${first}`, parameters: [selection.id] };
      case 'domain': return { condition: `destination = $${first}`, parameters: [selection.domain] };
      case 'sender': return { condition: `message_id = ANY($${first}::uuid[])`, parameters: [await this.#messagesOf(selection.sender)] };
    }
  }

  /** The seals alone say who has sent what, so each is opened: one after another, since a message may be large. */
  async #messagesOf(sender: MailAddress): Promise<string[]> {
    const key = this.loadKey();
    const ids = await this.dataSource.query<{ messageId: string }[]>('SELECT message_id AS "messageId" FROM provider_mx.outgoing_message');
    const found: string[] = [];
    for (const { messageId } of ids) {
      const [stored] = await this.dataSource.query<{ sealed: Buffer }[]>('SELECT sealed FROM provider_mx.outgoing_message WHERE message_id = $1', [messageId]);
      const reversePath = stored && openMessage(stored.sealed, messageId, key)?.reversePath;
      if (reversePath && canonicalAddress(parseMailAddress(reversePath)) === sender) found.push(messageId);
    }
    return found;
  }
}
