import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerQueryChanges, QUERY_CHANGES_ARGUMENTS, queryStateOf } from '../standard-methods/query.js';
import { searchSubmissions } from './submission-search.js';

/** RFC 8621 §7.4. */
export const emailSubmissionQueryChanges = accountMethod({
  name: 'EmailSubmission/queryChanges',
  capability: SUBMISSION,
  arguments: QUERY_CHANGES_ARGUMENTS,
  async run(arguments_, account, { limits }) {
    const ids = await searchSubmissions(account, arguments_, limits);
    return answerQueryChanges(arguments_.sinceQueryState, queryStateOf(ids), arguments_.calculateTotal ? ids.length : null);
  },
});
