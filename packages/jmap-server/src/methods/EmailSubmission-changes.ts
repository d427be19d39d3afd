import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerChanges, CHANGES_ARGUMENTS } from '../standard-methods/changes.js';
import { submissionRecords } from './submission-record.js';

/** RFC 8621 §7.2. */
export const emailSubmissionChanges = accountMethod({
  name: 'EmailSubmission/changes',
  capability: SUBMISSION,
  arguments: CHANGES_ARGUMENTS,
  async run(arguments_, account, { limits }) {
    const records = await submissionRecords(account);
    return answerChanges(arguments_, limits, (since, maxChanges) => account.submissionHistory.changesSince(since, records, maxChanges));
  },
});
