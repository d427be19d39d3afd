import type { Sql } from './database.js';

type Row = readonly unknown[];

/** PostgreSQL takes 65,535 parameters in a statement; long statements cost more to parse than they save. */
const MAX_PARAMETERS = 4000;
/** Octets of one statement: the driver gathers it in a buffer that it copies each time it grows, which shows above this. */
const MAX_STATEMENT_BYTES = 2 * 1024 * 1024;

/**
 * Inserts many rows with few statements: `INSERT INTO <target> VALUES (…), (…) <suffix>`. Octets travel in binary form,
 * which arrays would not. Inside a transaction, unless one row is all.
 */
export async function insertRows<Returned = never>(sql: Sql, target: string, rows: readonly Row[], suffix = ''): Promise<Returned[]> {
  const returned: Returned[] = [];
  for (const part of statementsOf(rows)) returned.push(...await sql.rows<Returned>(`INSERT INTO ${target} VALUES ${placeholders(part)} ${suffix}`, part.flat()));
  return returned;
}

function* statementsOf(rows: readonly Row[]): Generator<Row[]> {
  let part: Row[] = [];
  let partBytes = 0;
  for (const row of rows) {
    const rowBytes = octetsIn(row);
    const fits = (part.length + 1) * row.length <= MAX_PARAMETERS && partBytes + rowBytes <= MAX_STATEMENT_BYTES;
    if (part.length > 0 && !fits) {
      yield part;
      [part, partBytes] = [[], 0];
    }
    part.push(row);
    partBytes += rowBytes;
  }
  if (part.length > 0) yield part;
}

function octetsIn(row: Row): number {
  return row.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);
}

function placeholders(rows: readonly Row[]): string {
  let number = 0;
  return rows.map((row) => `(${row.map(() => `$${++number}`).join(',')})`).join(',');
}
