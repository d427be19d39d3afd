import type { Sql } from './database.js';

/** PostgreSQL takes 65,535 parameters in a statement; long statements cost more to parse than they save. */
const MAX_PARAMETERS = 4000;

/**
 * Inserts many rows with few statements: `INSERT INTO <target> VALUES (…), (…) <suffix>`. Octets travel in binary form,
 * which arrays would not.
 */
export async function insertRows<Returned = never>(sql: Sql, target: string, rows: readonly (readonly unknown[])[], suffix = ''): Promise<Returned[]> {
  const width = rows[0]?.length ?? 0;
  const rowsPerStatement = Math.floor(MAX_PARAMETERS / Math.max(width, 1));
  const returned: Returned[] = [];
  for (let first = 0; first < rows.length; first += rowsPerStatement) {
    const part = rows.slice(first, first + rowsPerStatement);
    returned.push(...await sql.rows<Returned>(`INSERT INTO ${target} VALUES ${placeholders(part.length, width)} ${suffix}`, part.flat()));
  }
  return returned;
}

function placeholders(rowCount: number, width: number): string {
  const row = (index: number): string => `(${Array.from({ length: width }, (_, column) => `$${index * width + column + 1}`).join(',')})`;
  return Array.from({ length: rowCount }, (_, index) => row(index)).join(',');
}
