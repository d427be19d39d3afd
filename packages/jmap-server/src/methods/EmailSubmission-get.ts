import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';
import { SUBMISSION_PROPERTIES, submissionRecord, withThreadIds } from './submission-record.js';

/** RFC 8621 §7.1. */
export const emailSubmissionGet = accountMethod({
  name: 'EmailSubmission/get',
  capability: SUBMISSION,
  arguments: GET_ARGUMENTS,
  async run(arguments_, account, context) {
    const submissions = await account.account.submissions.submissions();
    const plainRecords = submissions.map(submissionRecord);
    const state = account.submissionHistory.stateOf(plainRecords);
    const records = await withThreadIds(plainRecords, account, submissions);
    return answerGet(arguments_, { state, records, properties: SUBMISSION_PROPERTIES }, context);
  },
});
