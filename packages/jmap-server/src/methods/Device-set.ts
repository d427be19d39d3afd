import type { AccountSettings } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { done, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { answerSet, SET_ARGUMENTS, type SetTarget } from '../standard-methods/set.js';
import { settingsOf, valueOf } from './account-settings.js';
import { deviceRecords } from './device-record.js';

/** docs/protocol/jmap.md. Devices come by signing in; here they are only removed. */
export const deviceSet = accountMethod({
  name: 'Device/set',
  capability: SETTINGS,
  arguments: SET_ARGUMENTS,
  run: (arguments_, account, context) => answerSet(arguments_, deviceTarget(account), account, context),
});

function deviceTarget(account: AccountContext): SetTarget {
  return {
    state: async () => account.deviceHistory.stateOf(await deviceRecords(account)),
    changesSince: async (state, maxChanges) => account.deviceHistory.changesSince(state, await deviceRecords(account), maxChanges),
    create: async () => refuse('forbidden'),
    update: async (patches) => new Map([...patches.keys()].map((id) => [id, refuse('forbidden')])),
    async destroy(ids) {
      const outcomes = new Map<string, SetOutcome<null>>();
      for (const id of ids) outcomes.set(id, await removeDevice(settingsOf(account), id));
      return outcomes;
    },
  };
}

async function removeDevice(settings: AccountSettings, deviceId: string): Promise<SetOutcome<null>> {
  const outcome = await settings.removeDevice(deviceId);
  return !outcome.ok && outcome.refusal === 'notFound' ? refuse('notFound') : done(valueOf(outcome));
}
