import { MAIL } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerQueryChanges, QUERY_CHANGES_ARGUMENTS, queryStateOf } from '../standard-methods/query.js';
import { MAILBOX_SEARCH_ARGUMENTS, searchMailboxes } from './mailbox-search.js';

/** RFC 8621 §2.4. */
export const mailboxQueryChanges = accountMethod({
  name: 'Mailbox/queryChanges',
  capability: MAIL,
  arguments: { ...QUERY_CHANGES_ARGUMENTS, ...MAILBOX_SEARCH_ARGUMENTS },
  async run(arguments_, account, { limits }) {
    const ids = await searchMailboxes(account, arguments_, limits);
    return answerQueryChanges(arguments_.sinceQueryState, queryStateOf(ids), arguments_.calculateTotal ? ids.length : null);
  },
});
