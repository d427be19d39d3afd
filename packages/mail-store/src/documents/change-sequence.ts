// The sequence from which every change of the account takes its number: see mail-tables.ts.

import type { Sql } from '@paloma/document-store';
import type { StateName } from '../port/index.js';

/**
 * `latest`: number of the newest change. `settled`: the newest one whose consequences for mailboxes are drawn.
 * `forgotten`: changes up to this one are not remembered; a state older than it cannot be continued.
 * `returned`: so many messages came back after they had gone; they stand before others that came earlier.
 */
type CounterName = 'latest' | 'settled' | 'forgotten' | 'returned';

/** Removals remembered for clients that come back (RFC 7162 §5 leaves the number to the server). */
const MAX_REMEMBERED_REMOVALS = 200_000;

/** Begins the sequence, or continues it over a rebuild: every state given out before is then too old. */
export function startSequence(sql: Sql): void {
  const isContinued = sql.get(`SELECT 1 FROM mail_counter WHERE name = 'latest'`) !== undefined;
  sql.run(`INSERT OR IGNORE INTO mail_counter (name, value) VALUES ('latest', 1), ('settled', 1), ('forgotten', 0), ('returned', 0)`);
  if (!isContinued) return;
  const latest = nextChange(sql);
  for (const name of ['settled', 'forgotten'] as const) saveCounter(sql, name, latest);
}

/**
 * Numbers given in running transactions, by database; `saveSequence` writes them. A transaction that is rolled back leaves
 * its numbers unused, which does no harm: they must only grow.
 */
const given = new WeakMap<Sql, number>();

/** The number of the next change. Inside a transaction. */
export function nextChange(sql: Sql): number {
  const next = (given.get(sql) ?? counter(sql, 'latest')) + 1;
  given.set(sql, next);
  return next;
}

/** At the end of the transaction: every change so far has had its consequences. */
export function saveSequence(sql: Sql): void {
  const latest = given.get(sql) ?? counter(sql, 'latest');
  for (const name of ['latest', 'settled'] as const) saveCounter(sql, name, latest);
}

export function counter(sql: Sql, name: CounterName): number {
  return sql.get<{ value: number }>('SELECT value FROM mail_counter WHERE name = ?', name)!.value;
}

/** A message has come back. Inside a transaction. */
export function noteReturned(sql: Sql): void {
  saveCounter(sql, 'returned', counter(sql, 'returned') + 1);
}

function saveCounter(sql: Sql, name: CounterName, value: number): void {
  sql.run('UPDATE mail_counter SET value = ? WHERE name = ?', value, name);
}

/** Notes that an object is gone. One that comes back is new, for whoever heard of its going and whoever did not. */
export function noteDestroyed(sql: Sql, kind: StateName, id: string, createdAt: number): number {
  const changedAt = nextChange(sql);
  sql.run('INSERT INTO mail_destroyed (kind, changed_at, id, created_at) VALUES (?, ?, ?, ?)', kind, changedAt, id, createdAt);
  return changedAt;
}

/** Forgets the oldest removals over the limit. Inside a transaction. */
export function forgetOldRemovals(sql: Sql): void {
  const row = sql.get<{ oldest: number }>(
    `SELECT changed_at AS oldest FROM (SELECT changed_at FROM mail_vanished UNION ALL SELECT changed_at FROM mail_destroyed)
     ORDER BY changed_at DESC LIMIT 1 OFFSET ?`, MAX_REMEMBERED_REMOVALS);
  if (!row) return;
  sql.run('DELETE FROM mail_vanished WHERE changed_at <= ?', row.oldest);
  sql.run('DELETE FROM mail_destroyed WHERE changed_at <= ?', row.oldest);
  saveCounter(sql, 'forgotten', Math.max(row.oldest, counter(sql, 'forgotten')));
}
