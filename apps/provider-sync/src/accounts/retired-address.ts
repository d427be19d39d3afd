// Addresses of accounts that were deleted. Nobody gets one of them again, or he would get mail, and could answer for letters, that were
// meant for somebody else; unless the operator releases it.

import { hashToken } from '@paloma/crypto/public';
import type { MailAddress } from '@paloma/shared-model';
import type { Sql } from '../database/database.js';

/** To be asked after the address was written down as somebody's: one that an account is just being deleted of is seen then. */
export async function isRetired(sql: Sql, address: MailAddress): Promise<boolean> {
  return (await sql.rows('SELECT 1 FROM retired_address WHERE address_sha256 = $1', [hashToken(address)])).length > 0;
}

export async function retire(sql: Sql, addresses: readonly MailAddress[], retiredAtMs: number): Promise<void> {
  for (const address of addresses) {
    await sql.rows('INSERT INTO retired_address (address_sha256, retired_at_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING', [hashToken(address), retiredAtMs]);
  }
}

/** False when it was not retired. */
export async function release(sql: Sql, address: MailAddress): Promise<boolean> {
  return (await sql.rows('DELETE FROM retired_address WHERE address_sha256 = $1 RETURNING 1', [hashToken(address)])).length > 0;
}
