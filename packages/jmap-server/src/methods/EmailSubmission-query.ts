import { SUBMISSION } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerQuery, QUERY_ARGUMENTS } from '../standard-methods/query.js';
import { searchSubmissions } from './submission-search.js';

/** RFC 8621 §7.3. */
export const emailSubmissionQuery = accountMethod({
  name: 'EmailSubmission/query',
  capability: SUBMISSION,
  arguments: QUERY_ARGUMENTS,
  async run(arguments_, account, { limits }) {
    return answerQuery(arguments_, await searchSubmissions(account, arguments_, limits), limits);
  },
});
