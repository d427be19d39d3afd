import type { AccountContext } from '../account-context.js';
import type { IdentifiedRecord } from '../standard-methods/record-history.js';
import { settingsOf, valueOf } from './account-settings.js';

export const DEVICE_PROPERTIES = ['id', 'name', 'createdAtMs', 'lastSeenAtMs', 'isCurrent'] as const;

/** The devices of the account, as the provider knows them: docs/protocol/jmap.md. @throws {JmapError} "serverUnavailable" */
export async function deviceRecords(account: AccountContext): Promise<IdentifiedRecord[]> {
  const devices = valueOf(await settingsOf(account).devices());
  return devices.map(({ deviceId, name, createdAtMs, lastSeenAtMs, isCurrent }) => ({ id: deviceId, name, createdAtMs, lastSeenAtMs, isCurrent }));
}
