// The encrypted SQLite file under everything: opening it in the right order, and its SQL with a cache of prepared statements.
//
// The order of the pragmas matters: cipher, then key, then the first read, which is where a wrong key shows. `temp_store`
// is memory because SQLite spills sorts and FTS merges to unencrypted files otherwise. The file is ours alone as long as it is
// open, so that no statement has to ask the system for a lock.

import { closeSync, openSync } from 'node:fs';
// oxlint-disable-next-line import/default -- CommonJS: its `export =` is the default export under Node.js
import Database from 'better-sqlite3-multiple-ciphers';
import type { Sql, SqlRow, SqlValue } from '../document-store.js';
import { StoreError } from '../store-error.js';

/** `aegis` (AEGIS-256) is the default: as fast as no cipher. `sqlcipher` (version 4) can be read by its own tools. */
export type DatabaseCipher = 'aegis' | 'sqlcipher';

const CIPHER_PRAGMAS: Record<DatabaseCipher, readonly string[]> = {
  // Most of what a page costs is that it is asked for: of pages twice as large as usual, thousands of messages are read in three quarters
  // of the time, and nothing is written more slowly. A file that is there keeps the pages that it has.
  aegis: [`cipher='aegis'`, 'page_size=8192'],
  // Without `legacy=4` the file is not in SQLCipher 4's own format, of which pages of 4096 octets are a part.
  sqlcipher: [`cipher='sqlcipher'`, 'legacy=4'],
};

/** Prepared statements kept. Queries are composed from a few shapes; without a bound a caller's odd texts would pile up. */
const MAX_CACHED_STATEMENTS = 500;

type Statement = Database.Statement<SqlValue[]>;

/** What is longer costs more to be joined with others than to have a piece of memory for itself. */
const JOINED_BYTES = 2048;

/** To join fewer costs more than a piece of memory for each. */
const MIN_JOINED_ROWS = 8;

interface OctetQueries {
  short: string;
  long: string;
  /** Most rows of the last answer were long: those of the next are not looked at for joining first, which costs a twentieth. */
  areMostlyLong: boolean;
}

/** JSON, and the octets of short rows one behind the other; null where there is none. */
interface GatheredRows {
  numbers: string;
  lengths: string;
  octets: Buffer | null;
  longRows: number;
}

/**
 * Of pages that wait in the log of writes until they are copied into the file. Each copy waits for the disk twice, and what is written
 * again and again is copied once: marking 10,000 emails writes 14 MiB. After a crash the log is read before the store opens, some 15 ms.
 */
const WAL_BYTES = 64 * 1024 * 1024;

/** For whoever has the file open to let go of it. The thread stands still meanwhile. */
const MAX_WAIT_MS = 1000;

export class EncryptedDatabase implements Sql {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Statement>();
  /** By the text that gives the rows. */
  readonly #octetQueries = new Map<string, OctetQueries>();

  /**
   * Opens the file, or makes it, readable by its owner alone.
   * @throws {StoreError} "wrongDatabaseKey" when the file does not open with `key` (32 octets), "databaseInUse" when somebody has it open
   */
  constructor(path: string, key: Uint8Array, cipher: DatabaseCipher) {
    closeSync(openSync(path, 'a', 0o600));
    this.#database = new Database(path, { timeout: MAX_WAIT_MS });
    try {
      for (const pragma of CIPHER_PRAGMAS[cipher]) this.#database.pragma(pragma);
      this.#database.pragma(`key="x'${Buffer.from(key).toString('hex')}'"`);
      for (const pragma of ['temp_store=MEMORY', 'locking_mode=EXCLUSIVE', 'journal_mode=WAL', 'synchronous=NORMAL']) this.#database.pragma(pragma);
      this.#database.prepare('SELECT count(*) FROM sqlite_schema').get();
      this.#database.pragma(`wal_autocheckpoint=${WAL_BYTES / Number(this.pragma('page_size'))}`);
    } catch (cause) {
      this.#database.close();
      throw openingError(cause);
    }
  }

  get isInTransaction(): boolean {
    return this.#database.inTransaction;
  }

  all<Row = SqlRow>(text: string, ...parameters: SqlValue[]): Row[] {
    return this.#prepare(text).all(...parameters) as Row[];
  }

  get<Row = SqlRow>(text: string, ...parameters: SqlValue[]): Row | undefined {
    return this.#prepare(text).get(...parameters) as Row | undefined;
  }

  run(text: string, ...parameters: SqlValue[]): { changes: number; lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.#prepare(text).run(...parameters);
    return { changes, lastInsertRowid: Number(lastInsertRowid) };
  }

  /** A statement that is being iterated cannot be run again: it is not among those that are kept. */
  iterate<Row = SqlRow>(text: string, ...parameters: SqlValue[]): IterableIterator<Row> {
    return this.#database.prepare<SqlValue[]>(text).iterate(...parameters) as IterableIterator<Row>;
  }

  exec(text: string): void {
    this.#database.exec(text);
  }

  octets(text: string, asked: readonly SqlValue[], ...more: SqlValue[]): Map<number, Uint8Array> {
    const parameters = [JSON.stringify(asked), ...more];
    const found = new Map<number, Uint8Array>();
    const queries = asked.length < MIN_JOINED_ROWS ? null : this.#octetQueriesOf(text);
    if (!queries || queries.areMostlyLong) this.#findApart(text, parameters, found);
    else if (this.#findJoined(queries.short, parameters, found) > 0) this.#findApart(queries.long, parameters, found);
    if (queries) queries.areMostlyLong = areMostlyLong(found);
    return found;
  }

  /** Value of a pragma, or sets one. */
  pragma(text: string): SqlValue {
    return this.#database.pragma(text, { simple: true }) as SqlValue;
  }

  /**
   * Runs `work` between BEGIN and COMMIT; rolls back when it throws. With `durable` the commit is on disk on return:
   * in WAL mode that is `synchronous=FULL`, which can only be set outside a transaction.
   */
  transaction<R>(work: () => R, durable: boolean): R {
    if (durable) this.#database.pragma('synchronous=FULL');
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      if (durable) this.#database.pragma('synchronous=NORMAL');
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Gives the number of rows that are too long to be joined. */
  #findJoined(text: string, parameters: readonly SqlValue[], found: Map<number, Uint8Array>): number {
    const { numbers, lengths, octets, longRows } = this.get<GatheredRows>(text, ...parameters)!;
    const lengthOf = JSON.parse(lengths) as number[];
    let end = octets?.byteOffset ?? 0;
    for (const [place, number] of (JSON.parse(numbers) as number[]).entries()) {
      const start = end;
      end += lengthOf[place]!;
      found.set(number, new Uint8Array(octets!.buffer, start, end - start));
    }
    return longRows;
  }

  #findApart(text: string, parameters: readonly SqlValue[], found: Map<number, Uint8Array>): void {
    for (const { number, octets } of this.all<{ number: number; octets: Buffer | null }>(text, ...parameters)) {
      if (octets) found.set(number, new Uint8Array(octets.buffer, octets.byteOffset, octets.length));
    }
  }

  /** Texts are bounded as statements are. SQLite joins texts alone, and does not look into them. */
  #octetQueriesOf(text: string): OctetQueries {
    const known = this.#octetQueries.get(text);
    if (known) return known;
    if (this.#octetQueries.size >= MAX_CACHED_STATEMENTS) this.#octetQueries.clear();
    const onlyShort = `FILTER (WHERE length(octets) <= ${JOINED_BYTES})`;
    const queries = {
      short: `SELECT json_group_array(number) ${onlyShort} AS numbers, json_group_array(length(octets)) ${onlyShort} AS lengths,
        CAST(string_agg(CAST(octets AS TEXT), '') ${onlyShort} AS BLOB) AS octets, count(*) FILTER (WHERE length(octets) > ${JOINED_BYTES}) AS longRows FROM (${text})`,
      long: `SELECT number, octets FROM (${text}) WHERE length(octets) > ${JOINED_BYTES}`,
      areMostlyLong: false,
    };
    this.#octetQueries.set(text, queries);
    return queries;
  }

  #prepare(text: string): Statement {
    const cached = this.#statements.get(text);
    if (cached) return cached;
    const statement = this.#database.prepare<SqlValue[]>(text);
    if (this.#statements.size >= MAX_CACHED_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value ?? '');
    this.#statements.set(text, statement);
    return statement;
  }
}

function areMostlyLong(found: ReadonlyMap<number, Uint8Array>): boolean {
  let long = 0;
  for (const { length } of found.values()) if (length > JOINED_BYTES) long += 1;
  return long > found.size / 2;
}

function openingError(cause: unknown): unknown {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  if (code === 'SQLITE_NOTADB') return new StoreError('wrongDatabaseKey', 'database does not open with this key');
  return code === 'SQLITE_BUSY' ? new StoreError('databaseInUse', 'database is open elsewhere') : cause;
}
