import type { AccountSettings, SettingsOutcome } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { JmapError } from '../jmap-error.js';

/** @throws {JmapError} "accountNotSupportedByMethod" where this way in shows no settings */
export function settingsOf({ account }: AccountContext): AccountSettings {
  if (account.settings) return account.settings;
  throw new JmapError('accountNotSupportedByMethod');
}

/** What a list is without: there is none while the provider cannot be asked. @throws {JmapError} "serverUnavailable" */
export function valueOf<Value>(outcome: SettingsOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new JmapError('serverUnavailable', outcome.refusal);
}
