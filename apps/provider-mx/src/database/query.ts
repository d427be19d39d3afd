import type { EntityManager } from 'typeorm';

/** Rows of one statement, of UPDATE and DELETE those that they return; inside the manager's transaction if it has one. */
export async function query<Row>(manager: EntityManager, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  const runner = manager.queryRunner ?? manager.connection.createQueryRunner();
  try {
    return (await runner.query(text, [...parameters], true)).records as Row[];
  } finally {
    if (manager.queryRunner === undefined) await runner.release();
  }
}
