// PostgreSQL as the adapters see it: SQL with parameters, in transactions where it matters. TypeORM gives the pool and the
// migrations; entities are not used, because sealed records are moved in sets and never become objects of their own.

import type { DataSource, QueryRunner } from 'typeorm';

/** Runs SQL, alone or inside a transaction. `bytea` parameters are Buffers or Uint8Arrays; results are Buffers. */
export interface Sql {
  rows<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export type IsolationLevel = 'READ COMMITTED' | 'REPEATABLE READ';

export class Database implements Sql {
  constructor(private readonly dataSource: DataSource) {}

  async rows<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await sqlOf(runner).rows<Row>(text, parameters);
    } finally {
      await runner.release();
    }
  }

  /** Commits when `work` returns, rolls back when it throws. */
  async transaction<Result>(work: (sql: Sql) => Promise<Result>, isolation: IsolationLevel = 'READ COMMITTED'): Promise<Result> {
    return this.dataSource.transaction(isolation, (manager) => work(sqlOf(manager.queryRunner!)));
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
  };
}

/** The driver sends Buffers in binary form and other views as text. */
function asParameter(value: unknown): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
