import type { AccountId, Generation } from '@paloma/shared-model';
import type { Sql } from '../database/database.js';

/**
 * The generation that every replica has passed, in every class that it reads: a replica may go back to where the class that it
 * has read least of ends, to read on with all of them together.
 */
export async function passedBy(sql: Sql, accountId: AccountId, head: Generation): Promise<Generation> {
  const [row] = await sql.rows<{ through: Generation }>(
    `SELECT coalesce(min(through), $2) AS through FROM replica_progress JOIN replica USING (account_id, replica_uid)
     WHERE account_id = $1 AND removed_at_ms IS NULL`, [accountId, head]);
  return row!.through;
}
