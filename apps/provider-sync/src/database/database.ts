// PostgreSQL as the adapters see it: SQL with parameters, in transactions where it matters. TypeORM gives the pool and the
// migrations; entities are not used, because sealed records are moved in sets and never become objects of their own.

import type { ClientBase } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { readOctets, type Literal } from './read-octets.js';

/** Runs SQL, alone or inside a transaction. `bytea` parameters are Buffers or Uint8Arrays; results are Buffers. */
export interface Sql {
  rows<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** As `rows`, for what is often run and long to plan: PostgreSQL plans it once on each connection. */
  prepared<Row>(statement: PreparedStatement, parameters: readonly unknown[]): Promise<Row[]>;
  /** The one bytea column of a SELECT, in the order of its rows: for many octets, which `rows` is slow to read. */
  octets(select: string, literals: readonly Literal[]): Promise<(Buffer | null)[]>;
}

export interface PreparedStatement {
  /** Of this text alone. */
  name: string;
  text: string;
}

/** Left out: READ COMMITTED, PostgreSQL's own, which costs no further round trip. */
export type IsolationLevel = 'REPEATABLE READ';

export class Database implements Sql {
  constructor(private readonly dataSource: DataSource) {}

  rows<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#alone((sql) => sql.rows<Row>(text, parameters));
  }

  prepared<Row>(statement: PreparedStatement, parameters: readonly unknown[]): Promise<Row[]> {
    return this.#alone((sql) => sql.prepared<Row>(statement, parameters));
  }

  octets(select: string, literals: readonly Literal[]): Promise<(Buffer | null)[]> {
    return this.#alone((sql) => sql.octets(select, literals));
  }

  /** Commits when `work` returns, rolls back when it throws. */
  async transaction<Result>(work: (sql: Sql) => Promise<Result>, isolation?: IsolationLevel): Promise<Result> {
    const run = (manager: EntityManager): Promise<Result> => work(sqlOf(manager.queryRunner!));
    return isolation === undefined ? this.dataSource.transaction(run) : this.dataSource.transaction(isolation, run);
  }

  async #alone<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(sqlOf(runner));
    } finally {
      await runner.release();
    }
  }
}

/** The first row; null when there is none. */
export async function firstRow<Row>(rows: Promise<Row[]>): Promise<Row | null> {
  return (await rows)[0] ?? null;
}

function sqlOf(runner: QueryRunner): Sql {
  return {
    async rows<Row>(text: string, parameters: readonly unknown[] = []) {
      return (await runner.query(text, parameters.map(asParameter), true)).records as Row[];
    },
    async prepared<Row>(statement: PreparedStatement, parameters: readonly unknown[]) {
      const client = await clientOf(runner);
      return (await client.query({ ...statement, values: parameters.map(asParameter) })).rows as Row[];
    },
    async octets(select: string, literals: readonly Literal[]) {
      return readOctets(await clientOf(runner), select, literals);
    },
  };
}

/** The driver's own connection, for what TypeORM does not pass on. */
function clientOf(runner: QueryRunner): Promise<ClientBase> {
  return runner.connect() as Promise<ClientBase>;
}

/** The driver sends Buffers in binary form and other views as text. */
function asParameter(value: unknown): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
