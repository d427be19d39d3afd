import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';
import { IDENTITY_PROPERTIES, identityRecords } from './identity-record.js';

/** RFC 8621 §6.1. */
export const identityGet = accountMethod({
  name: 'Identity/get',
  capability: SUBMISSION,
  arguments: GET_ARGUMENTS,
  async run(arguments_, account, context) {
    const records = await identityRecords(account);
    return answerGet(arguments_, { state: account.identityHistory.stateOf(records), records, properties: IDENTITY_PROPERTIES }, context);
  },
});
