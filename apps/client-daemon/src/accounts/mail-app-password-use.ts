// When a mail-app password was used last: a fact of this device, in a table beside the documents, because a synced one would make
// every poll of a mail program a change on every device. A rebuild of the table forgets it.

import type { MailAppPasswordDocument } from '@paloma/shared-model';
import type { DocumentStore, Projection } from '@paloma/document-store';

/** Mail programs log in again and again; one write a minute is exact enough. */
const NOTED_EVERY_MS = 60_000;

export const mailAppPasswordUse: Projection = {
  name: 'mail-app-password-use',
  version: 1,
  types: ['mail-app-password'],
  drop: (sql) => sql.exec('DROP TABLE IF EXISTS mail_app_password_use'),
  create: (sql) => sql.exec('CREATE TABLE mail_app_password_use (password_id TEXT PRIMARY KEY, last_used_at_ms INTEGER) WITHOUT ROWID'),
  apply(changes, sql) {
    for (const { documentId, type, after } of changes) {
      const passwordId = documentId.slice(type.length + 1);
      const isGood = (after as MailAppPasswordDocument | null)?.revokedAtMs === null;
      if (isGood) sql.run('INSERT INTO mail_app_password_use (password_id) VALUES (?) ON CONFLICT DO NOTHING', passwordId);
      else sql.run('DELETE FROM mail_app_password_use WHERE password_id = ?', passwordId);
    }
  },
};

/** Null: never, on this device. */
export function lastUseOf({ sql }: DocumentStore, passwordId: string): number | null {
  return sql.get<{ lastUsedAtMs: number | null }>('SELECT last_used_at_ms AS lastUsedAtMs FROM mail_app_password_use WHERE password_id = ?', passwordId)?.lastUsedAtMs ?? null;
}

export function noteUse(store: DocumentStore, passwordId: string, nowMs: number): void {
  const lastUsedAtMs = lastUseOf(store, passwordId);
  if (lastUsedAtMs !== null && nowMs - lastUsedAtMs < NOTED_EVERY_MS) return;
  store.transact(({ sql }) => sql.run('UPDATE mail_app_password_use SET last_used_at_ms = ? WHERE password_id = ?', nowMs, passwordId));
}
