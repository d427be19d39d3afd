import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';
import { recordsWithThreadIds, SUBMISSION_PROPERTIES, submissionRecord } from './submission-record.js';

/** RFC 8621 §7.1. */
export const emailSubmissionGet = accountMethod({
  name: 'EmailSubmission/get',
  capability: SUBMISSION,
  arguments: GET_ARGUMENTS,
  async run(arguments_, account, context) {
    const submissions = await account.account.submissions.submissions();
    const state = account.submissionHistory.stateOf(submissions.map(submissionRecord));
    const records = await recordsWithThreadIds(submissions, account);
    return answerGet(arguments_, { state, records, properties: SUBMISSION_PROPERTIES }, context);
  },
});
