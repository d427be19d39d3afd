import pg from 'pg';
import { disguises } from './canary.js';

interface Column {
  table_schema: string;
  table_name: string;
  column_name: string;
}

/** Columns of any table that hold the canary in any disguise; every value is searched as its octets. */
export async function databaseHolding(databaseUrl: string, canary: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: columns } = await client.query<Column>(
      `SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`);
    const found: string[] = [];
    for (const column of columns) if (await columnHolds(client, column, canary)) found.push(`${column.table_schema}.${column.table_name}.${column.column_name}`);
    return found;
  } finally {
    await client.end();
  }
}

async function columnHolds(client: pg.Client, { table_schema, table_name, column_name }: Column, canary: string): Promise<boolean> {
  const column = client.escapeIdentifier(column_name);
  const table = `${client.escapeIdentifier(table_schema)}.${client.escapeIdentifier(table_name)}`;
  const octets = `CASE WHEN pg_typeof(${column}) = 'bytea'::regtype THEN encode(${column}::text::bytea, 'hex') ELSE encode(convert_to(${column}::text, 'UTF8'), 'hex') END`;
  const patterns = disguises(canary).map((disguise) => `%${disguise.toString('hex')}%`);
  const { rows } = await client.query<{ holds: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${table} WHERE ${octets} LIKE ANY ($1)) AS holds`, [patterns]);
  return rows[0]!.holds;
}
