import { Injectable } from '@nestjs/common';
import { RECORD_COLUMN } from '../accounts/record-column.js';
import { Database, firstRow, type Sql } from '../database/database.js';
import { markSeen } from '../devices/mark-seen.js';
import { announce } from '../events/announce.js';
import { insertSession } from '../sessions/typeorm-session.repository.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { replaceVault } from '../vault/typeorm-vault.repository.js';
import { CredentialRepository, type CredentialReplacement, type ReplacementOutcome } from './credential.repository.js';

/** Ends the transaction of a replacement that is refused. */
class Refused extends Error {
  constructor(readonly outcome: Exclude<ReplacementOutcome, 'replaced'>) {
    super(outcome);
  }
}

@Injectable()
export class TypeormCredentialRepository extends CredentialRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async replace(replacement: CredentialReplacement): Promise<ReplacementOutcome> {
    const { accountId, vault, replacedVersion, session } = replacement;
    try {
      await this.database.transaction(async (sql) => {
        await lockProven(sql, replacement);
        if (!(await replaceVault(sql, accountId, vault, replacedVersion))) throw new Refused('vaultChanged');
        await replaceRecord(sql, replacement);
        if (session) await replaceSessions(sql, session);
      });
      return 'replaced';
    } catch (error) {
      if (error instanceof Refused) return error.outcome;
      throw error;
    }
  }
}

/** Two changes of one account come one after the other, and a session that is being opened before or after. */
async function lockProven(sql: Sql, { accountId, provenBy, provenRecord }: CredentialReplacement): Promise<void> {
  const found = await firstRow(sql.rows<{ isDisabled: boolean }>(
    `SELECT disabled_at_ms IS NOT NULL AS "isDisabled" FROM account WHERE account_id = $1 AND ${RECORD_COLUMN[provenBy]} = $2 FOR NO KEY UPDATE`, [accountId, provenRecord]));
  if (!found) throw new Refused('credentialEnded');
  if (found.isDisabled) throw new Refused('accountDisabled');
}

async function replaceRecord(sql: Sql, { accountId, credential, registrationRecord, endsRecovery }: CredentialReplacement): Promise<void> {
  if (endsRecovery) await sql.rows('UPDATE account SET recovery_record = NULL WHERE account_id = $1', [accountId]);
  await sql.rows(`UPDATE account SET ${RECORD_COLUMN[credential]} = $2 WHERE account_id = $1`, [accountId, registrationRecord]);
  await sql.rows('DELETE FROM pending_login WHERE account_id = $1', [accountId]);
}

async function replaceSessions(sql: Sql, session: StoredSession): Promise<void> {
  // The device before the sessions, as everywhere, or two transactions could wait for each other.
  if (!(await markSeen(sql, session))) throw new Refused('deviceRemoved');
  await sql.rows('DELETE FROM session WHERE account_id = $1', [session.accountId]);
  await insertSession(sql, session);
  await announce(sql, session.accountId, { event: 'devices', data: {} });
}
