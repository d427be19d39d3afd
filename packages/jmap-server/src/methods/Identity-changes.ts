import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerChanges, CHANGES_ARGUMENTS } from '../standard-methods/changes.js';
import { identityRecords } from './identity-record.js';

/** RFC 8621 §6.2. */
export const identityChanges = accountMethod({
  name: 'Identity/changes',
  capability: SUBMISSION,
  arguments: CHANGES_ARGUMENTS,
  async run(arguments_, account, { limits }) {
    const records = await identityRecords(account);
    return answerChanges(arguments_, limits, (since, maxChanges) => account.identityHistory.changesSince(since, records, maxChanges));
  },
});
