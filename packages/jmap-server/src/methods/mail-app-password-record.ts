import type { AccountContext } from '../account-context.js';
import type { IdentifiedRecord } from '../standard-methods/record-history.js';
import { settingsOf } from './account-settings.js';

export const MAIL_APP_PASSWORD_PROPERTIES = ['id', 'name', 'createdAtMs', 'lastUsedAtMs', 'unlocksAccount'] as const;

/** The passwords of mail programs, without the passwords: docs/protocol/jmap.md. */
export function mailAppPasswordRecords(account: AccountContext): IdentifiedRecord[] {
  return settingsOf(account).mailAppPasswords().map(({ passwordId, name, createdAtMs, lastUsedAtMs, unlocksAccount }) =>
    ({ id: passwordId, name, createdAtMs, lastUsedAtMs, unlocksAccount }));
}
