// Marks of entries that stay where they are: rows of mail_entry. A mail program marks its messages in the order in which they stand, so
// that neighbours get the same mark and numbers of change that follow one another: one statement for all of them takes less than half of
// what one for each does.

import type { Sql } from '@paloma/document-store';

export interface EntryMark {
  mailboxId: string;
  uid: number;
  /** JSON of the sorted list. */
  keywords: string;
  isDeleted: number;
  changedAt: number;
}

/** Entries of neighbouring UIDs, without a gap, with neighbouring numbers of change. */
interface Run {
  first: EntryMark;
  length: number;
}

// No more columns than can differ: SQLite writes each index of a column that is said to be set, though it stays as it is.
const MARK = 'UPDATE mail_entry SET keywords = ?, is_deleted = ?, changed_at = uid + ? WHERE mailbox_id = ? AND uid BETWEEN ? AND ?';

export class EntryMarks {
  readonly #runs: Run[] = [];

  /** Each entry once. */
  mark(entry: EntryMark): void {
    const run = this.#runs.at(-1);
    if (run && continues(run, entry)) run.length += 1;
    else this.#runs.push({ first: entry, length: 1 });
  }

  save(sql: Sql): void {
    for (const { first, length } of this.#runs) sql.run(MARK, first.keywords, first.isDeleted, first.changedAt - first.uid, first.mailboxId, first.uid, first.uid + length - 1);
  }
}

function continues({ first, length }: Run, { mailboxId, uid, keywords, isDeleted, changedAt }: EntryMark): boolean {
  return uid === first.uid + length && changedAt === first.changedAt + length && mailboxId === first.mailboxId && keywords === first.keywords && isDeleted === first.isDeleted;
}
