// States and changes (RFC 8620 §5.2), and what subscribers are told after a commit; all read from the change sequence.

import type { Sql } from '@paloma/document-store';
import type { MailboxId } from '@paloma/shared-model';
import type { ChangeList, MailChange, StateName } from '../port/index.js';
import { counter } from './change-sequence.js';

interface ChangeRow {
  id: string;
  createdAt: number;
  changedAt: number;
  isDestroyed: number;
}

const STATE_NAMES: readonly StateName[] = ['Mailbox', 'Email', 'Thread'];

/** As SQL: number of the newest change; what changed after a number; whether that of a removal `d` is here all the same. */
interface ChangeQueries { latest: string; changed: string; isHere: string }

const QUERIES: Record<StateName, ChangeQueries> = {
  Mailbox: queriesOfTable('mail_mailbox', 'mailbox_id'),
  Thread: queriesOfTable('mail_thread', 'thread_id'),
  // An email changes with its entries, each mailbox of which has its own order.
  Email: {
    latest: 'SELECT max((SELECT max(changed_at) FROM mail_entry n WHERE n.mailbox_id = b.mailbox_id)) FROM mail_mailbox b',
    changed: `SELECT DISTINCT e.email_id AS id, e.created_at AS createdAt, n.changed_at AS changedAt, 0 AS isDestroyed FROM mail_mailbox b
      CROSS JOIN mail_entry n INDEXED BY mail_entry_by_change ON n.mailbox_id = b.mailbox_id AND n.changed_at > ? CROSS JOIN mail_email e ON e.email_key = n.email_key`,
    isHere: 'SELECT 1 FROM mail_email e WHERE e.email_id = d.id AND e.thread_key IS NOT NULL',
  },
};

function queriesOfTable(table: string, id: string): ChangeQueries {
  return {
    latest: `SELECT max(changed_at) FROM ${table}`,
    changed: `SELECT ${id} AS id, created_at AS createdAt, changed_at AS changedAt, 0 AS isDestroyed FROM ${table} WHERE changed_at > ?`,
    isHere: `SELECT 1 FROM ${table} back WHERE back.${id} = d.id AND back.changed_at > 0`,
  };
}

export class MailStates {
  /** `epoch` tells the states of this device's store from any other's. */
  constructor(private readonly sql: Sql, private readonly epoch: string) {}

  current(name: StateName): string {
    return this.#format(this.#latest(name));
  }

  changesSince(name: StateName, sinceState: string, maxChanges: number): ChangeList | null {
    const since = this.#parse(sinceState);
    if (since === null) return null;
    const rows = this.#rowsSince(name, since, maxChanges + 1);
    const page = rows.slice(0, maxChanges);
    const idsOf = (wanted: (row: ChangeRow) => boolean): string[] => page.filter(wanted).map(({ id }) => id);
    const hasMoreChanges = rows.length > page.length;
    return {
      newState: hasMoreChanges ? this.#format(page.at(-1)?.changedAt ?? since) : this.current(name),
      hasMoreChanges,
      created: idsOf((row) => row.isDestroyed === 0 && row.createdAt > since),
      updated: idsOf((row) => row.isDestroyed === 0 && row.createdAt <= since),
      destroyed: idsOf((row) => row.isDestroyed === 1),
    };
  }

  /** Number of the newest change; `changeAfter` tells what came later. */
  get position(): number {
    return counter(this.sql, 'latest');
  }

  changeAfter(position: number): MailChange {
    // A UNION is merged in order, for which SQLite would rather scan all of mail_vanished: hence its index by name.
    const mailboxIds = this.sql.all<{ mailboxId: MailboxId }>(
      `SELECT mailbox_id AS mailboxId FROM mail_mailbox b WHERE EXISTS (SELECT 1 FROM mail_entry n WHERE n.mailbox_id = b.mailbox_id AND n.changed_at > ?)
       UNION SELECT mailbox_id FROM mail_vanished INDEXED BY mail_vanished_by_change WHERE changed_at > ?
       UNION SELECT mailbox_id FROM mail_mailbox WHERE created_at > ?
       UNION SELECT id FROM mail_destroyed WHERE kind = 'Mailbox' AND changed_at > ?`, position, position, position, position);
    return {
      mailboxIds: new Set(mailboxIds.map(({ mailboxId }) => mailboxId)),
      states: new Set(STATE_NAMES.filter((name) => this.#latest(name) > position)),
    };
  }

  // Changes up to `forgotten` count as one, for it has no rows any more.
  #latest(name: StateName): number {
    const { latest } = this.sql.get<{ latest: number }>(
      `SELECT max((SELECT value FROM mail_counter WHERE name = 'forgotten'), coalesce((${QUERIES[name].latest}), 0),
         coalesce((SELECT max(changed_at) FROM mail_destroyed WHERE kind = ?), 0)) AS latest`, name)!;
    return latest;
  }

  #rowsSince(name: StateName, since: number, limit: number): ChangeRow[] {
    const { changed, isHere } = QUERIES[name];
    return this.sql.all<ChangeRow>(
      `${changed}
       UNION ALL SELECT id, created_at, changed_at, 1 FROM mail_destroyed d WHERE kind = ? AND changed_at > ? AND created_at <= ? AND NOT EXISTS (${isHere})
       ORDER BY changedAt LIMIT ?`, since, name, since, since, limit);
  }

  #format(at: number): string {
    return `${at}.${this.epoch}`;
  }

  #parse(state: string): number | null {
    const at = Number(state.slice(0, Math.max(0, state.indexOf('.'))));
    const isKnown = Number.isSafeInteger(at) && at >= counter(this.sql, 'forgotten') && at <= this.position;
    return isKnown && state === this.#format(at) ? at : null;
  }
}
