import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';
import { DEVICE_PROPERTIES, deviceRecords } from './device-record.js';

/** docs/protocol/jmap.md. */
export const deviceGet = accountMethod({
  name: 'Device/get',
  capability: SETTINGS,
  arguments: GET_ARGUMENTS,
  async run(arguments_, account, context) {
    const records = await deviceRecords(account);
    return answerGet(arguments_, { state: account.deviceHistory.stateOf(records), records, properties: DEVICE_PROPERTIES }, context);
  },
});
