import { MAIL } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerQuery, QUERY_ARGUMENTS } from '../standard-methods/query.js';
import { MAILBOX_SEARCH_ARGUMENTS, searchMailboxes } from './mailbox-search.js';

/** RFC 8621 §2.3. */
export const mailboxQuery = accountMethod({
  name: 'Mailbox/query',
  capability: MAIL,
  arguments: { ...QUERY_ARGUMENTS, ...MAILBOX_SEARCH_ARGUMENTS },
  async run(arguments_, account, { limits }) {
    return answerQuery(arguments_, await searchMailboxes(account, arguments_, limits), limits);
  },
});
