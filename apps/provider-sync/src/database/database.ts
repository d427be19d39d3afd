// PostgreSQL as the adapters see it: SQL with parameters, in transactions where it matters. TypeORM gives the pool and the
// migrations; entities are not used, because sealed records are moved in sets and never become objects of their own.

import type { ClientBase } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { readOctets, type Literal } from './read-octets.js';

/** Runs SQL, alone or inside a transaction. `bytea` parameters are Buffers or Uint8Arrays; results are Buffers. */
export interface Sql {
  rows<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** The one bytea column of a SELECT, in the order of its rows: for many octets, which `rows` is slow to read. */
  octets(select: string, literals: readonly Literal[]): Promise<(Buffer | null)[]>;
}

export type IsolationLevel = 'READ COMMITTED' | 'REPEATABLE READ';

export class Database implements Sql {
  constructor(private readonly dataSource: DataSource) {}

  rows<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#alone((sql) => sql.rows<Row>(text, parameters));
  }

  octets(select: string, literals: readonly Literal[]): Promise<(Buffer | null)[]> {
    return this.#alone((sql) => sql.octets(select, literals));
  }

  /** Commits when `work` returns, rolls back when it throws. */
  async transaction<Result>(work: (sql: Sql) => Promise<Result>, isolation: IsolationLevel = 'READ COMMITTED'): Promise<Result> {
    return this.dataSource.transaction(isolation, (manager) => work(sqlOf(manager.queryRunner!)));
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
    async octets(select: string, literals: readonly Literal[]) {
      return readOctets(await runner.connect() as ClientBase, select, literals);
    },
  };
}

/** The driver sends Buffers in binary form and other views as text. */
function asParameter(value: unknown): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
