// The queue in PostgreSQL: SKIP LOCKED claims, so that any number of workers in any number of processes take different
// recipients. A claim pushes `due_at_ms` to the end of its lease: a worker that dies gives its recipients back by doing
// nothing. LISTEN/NOTIFY only saves waiting; nothing depends on a notification.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { domainOf, type RandomSource } from '@paloma/shared-model';
import type { QueueKey } from '../config/secret-files.js';
import { query } from '../database/query.js';
import { QUEUE_KEY, RANDOM } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { ACCEPTANCE_MEMORY_MS, type Claim, type ClaimedRecipient, type ClaimOutcome, type OutgoingMessage, type OutgoingQueue, type QueuedMessageId, type Settlement } from './outgoing-queue.js';
import { openMessage, sealMessage } from './queue-seal.js';
import { watchChannel } from './watch-channel.js';

/** Advisory lock of claims, beside that of migrations. */
const CLAIM_LOCK = 7_245_303;
const CHANNEL = 'provider_mx_outgoing';
/** Old acceptances forgotten with each new one: more than one, so that they never pile up. */
const FORGOTTEN_PER_ADDITION = 10;

/** Domains that live leases have as much of as they may; $1: now, $2: how many leases that is. */
const BUSY_DESTINATIONS = `SELECT destination FROM provider_mx.outgoing_recipient WHERE lease_id IS NOT NULL AND due_at_ms > $1
  GROUP BY destination HAVING count(DISTINCT lease_id) >= $2`;

interface LeasedRow {
  message_id: string;
  position: number;
  destination: string;
  failed_attempts: number;
  is_delay_told: boolean;
  is_given_up: boolean;
}

interface MessageRow {
  sealed: Buffer;
  accepted_at_ms: number;
}

@Injectable()
export class PostgresOutgoingQueue implements OutgoingQueue {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(QUEUE_KEY) private readonly key: QueueKey,
    @Inject(RANDOM) private readonly random: RandomSource,
    private readonly log: Log,
  ) {}

  add(messageId: QueuedMessageId, message: OutgoingMessage, nowMs: number): Promise<'added' | 'known'> {
    return this.dataSource.transaction(async (manager) => {
      await forgetAcceptances(manager, nowMs - ACCEPTANCE_MEMORY_MS);
      if (!(await accept(manager, messageId, nowMs))) return 'known';
      await this.#insert(manager, messageId, message, nowMs);
      return 'added';
    });
  }

  async knows(messageId: QueuedMessageId): Promise<boolean> {
    const accepted = await query(this.dataSource.manager, 'SELECT 1 FROM provider_mx.outgoing_acceptance WHERE message_id = $1', [messageId]);
    return accepted.length > 0;
  }

  async claim(nowMs: number, leaseMs: number, maxPerDestination: number): Promise<ClaimOutcome> {
    const leaseId = randomUUID();
    const rows = await this.#lease(leaseId, nowMs, nowMs + leaseMs, maxPerDestination);
    const [first] = rows;
    if (first === undefined) return { kind: 'nothingDue' };
    const { message_id: messageId, destination, is_given_up: isGivenUp } = first;
    const [stored] = await query<MessageRow>(this.dataSource.manager, 'SELECT sealed, accepted_at_ms FROM provider_mx.outgoing_message WHERE message_id = $1', [messageId]);
    const message = stored === undefined ? null : openMessage(stored.sealed, messageId, this.key);
    if (stored === undefined || message === null) return this.#setAside(messageId);
    const { reversePath, octets, notifications, isTlsReport = false } = message;
    const { envelopeId = null, returnedPart = null } = notifications ?? {};
    const claim = { messageId, leaseId, destination, recipients: recipientsOf(rows, message), reversePath, octets, acceptedAtMs: stored.accepted_at_ms, envelopeId, returnedPart, isTlsReport, isGivenUp };
    return { kind: 'claimed', claim };
  }

  async renew({ messageId, leaseId }: Claim, untilMs: number): Promise<void> {
    await query(this.dataSource.manager, 'UPDATE provider_mx.outgoing_recipient SET due_at_ms = $3 WHERE message_id = $1 AND lease_id = $2', [messageId, leaseId, untilMs]);
  }

  async settle(claim: Claim, settlements: readonly Settlement[], notices: readonly OutgoingMessage[], nowMs: number): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      if (!(await holdsLease(manager, claim))) return false;
      for (const settlement of settlements) await writeSettlement(manager, claim, settlement);
      await query(manager, `DELETE FROM provider_mx.outgoing_message m WHERE message_id = $1
        AND NOT EXISTS (SELECT 1 FROM provider_mx.outgoing_recipient r WHERE r.message_id = m.message_id)`, [claim.messageId]);
      for (const notice of notices) await this.#insert(manager, randomUUID(), notice, nowMs);
      return true;
    });
  }

  async nextDueMs(nowMs: number, maxPerDestination: number): Promise<number | null> {
    const [row] = await query<{ due: number | null }>(this.dataSource.manager, `
      SELECT min(due_at_ms) AS due FROM provider_mx.outgoing_recipient
      WHERE NOT is_held AND (due_at_ms > $1 OR destination NOT IN (${BUSY_DESTINATIONS}))`, [nowMs, maxPerDestination]);
    return row?.due ?? null;
  }

  watch(listener: () => void): Promise<() => Promise<void>> {
    return watchChannel(this.dataSource, CHANNEL, listener, this.log);
  }

  async #insert(manager: EntityManager, messageId: string, message: OutgoingMessage, nowMs: number): Promise<void> {
    const sealed = sealMessage(message, messageId, this.key, this.random);
    await query(manager, 'INSERT INTO provider_mx.outgoing_message (message_id, sealed, accepted_at_ms) VALUES ($1, $2, $3)', [messageId, sealed, nowMs]);
    await query(manager, `INSERT INTO provider_mx.outgoing_recipient (message_id, position, destination, due_at_ms)
      SELECT $1, ordinality - 1, destination, $3 FROM unnest($2::text[]) WITH ORDINALITY AS given (destination, ordinality)`, [messageId, message.forwardPaths.map(domainOf), nowMs]);
    await query(manager, `SELECT pg_notify('${CHANNEL}', '')`, []);
  }

  /**
   * The recipient that is due longest, and those who share message and destination with it. One claim at a time: two that look
   * at once would part recipients that go over one connection.
   */
  #lease(leaseId: string, nowMs: number, untilMs: number, maxPerDestination: number): Promise<LeasedRow[]> {
    return this.dataSource.transaction(async (manager) => {
      await query(manager, `SELECT pg_advisory_xact_lock(${CLAIM_LOCK})`, []);
      return query<LeasedRow>(manager, `
        WITH head AS (
          SELECT message_id, destination, is_given_up FROM provider_mx.outgoing_recipient
          WHERE due_at_ms <= $1 AND NOT is_held AND destination NOT IN (${BUSY_DESTINATIONS}) ORDER BY due_at_ms LIMIT 1 FOR UPDATE SKIP LOCKED
        ), taken AS (
          SELECT message_id, position FROM provider_mx.outgoing_recipient JOIN head USING (message_id, destination, is_given_up)
          WHERE due_at_ms <= $1 AND NOT is_held ORDER BY position FOR UPDATE OF outgoing_recipient SKIP LOCKED
        )
        UPDATE provider_mx.outgoing_recipient r SET due_at_ms = $3, lease_id = $4 FROM taken
        WHERE r.message_id = taken.message_id AND r.position = taken.position
        RETURNING r.message_id, r.position, r.destination, r.failed_attempts, r.is_delay_told, r.is_given_up`, [nowMs, maxPerDestination, untilMs, leaseId]);
    });
  }

  async #setAside(messageId: string): Promise<ClaimOutcome> {
    await query(this.dataSource.manager, 'UPDATE provider_mx.outgoing_recipient SET due_at_ms = NULL WHERE message_id = $1', [messageId]);
    await query(this.dataSource.manager, 'UPDATE provider_mx.outgoing_message SET is_unreadable = true WHERE message_id = $1', [messageId]);
    return { kind: 'unreadable', messageId };
  }
}

/** False when it was accepted before; waits for another process that is just accepting it. */
async function accept(manager: EntityManager, messageId: QueuedMessageId, nowMs: number): Promise<boolean> {
  const accepted = await query(manager, `INSERT INTO provider_mx.outgoing_acceptance (message_id, accepted_at_ms) VALUES ($1, $2)
    ON CONFLICT DO NOTHING RETURNING 1`, [messageId, nowMs]);
  return accepted.length === 1;
}

async function forgetAcceptances(manager: EntityManager, beforeMs: number): Promise<void> {
  await query(manager, `DELETE FROM provider_mx.outgoing_acceptance WHERE message_id IN (
    SELECT message_id FROM provider_mx.outgoing_acceptance WHERE accepted_at_ms < $1
    ORDER BY accepted_at_ms LIMIT ${FORGOTTEN_PER_ADDITION} FOR UPDATE SKIP LOCKED)`, [beforeMs]);
}

function recipientsOf(rows: readonly LeasedRow[], { forwardPaths, notifications }: OutgoingMessage): ClaimedRecipient[] {
  return rows.map(({ position, failed_attempts: failedAttempts, is_delay_told: isDelayTold }) => {
    const forwardPath = forwardPaths[position];
    assert(forwardPath !== undefined, 'rows and sealed envelope are written together');
    return { forwardPath, position, failedAttempts, isDelayTold, request: notifications?.recipients[position] ?? null };
  });
}

/** All of the claim's rows are locked, or the lease is lost: another worker may have had some of them since. */
async function holdsLease(manager: EntityManager, { messageId, leaseId, recipients }: Claim): Promise<boolean> {
  const held = await query(manager, 'SELECT 1 FROM provider_mx.outgoing_recipient WHERE message_id = $1 AND lease_id = $2 FOR UPDATE', [messageId, leaseId]);
  return held.length === recipients.length;
}

async function writeSettlement(manager: EntityManager, { messageId }: Claim, settlement: Settlement): Promise<void> {
  const key = [messageId, settlement.position];
  if (settlement.kind === 'done') {
    await query(manager, 'DELETE FROM provider_mx.outgoing_recipient WHERE message_id = $1 AND position = $2', key);
  } else {
    await query(manager, `UPDATE provider_mx.outgoing_recipient SET due_at_ms = $3, lease_id = NULL, failed_attempts = failed_attempts + 1,
      last_status = $4, is_delay_told = $5 WHERE message_id = $1 AND position = $2`, [...key, settlement.atMs, settlement.status, settlement.isDelayTold]);
  }
}
