import { MAIL } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';
import { MAILBOX_PROPERTIES, mailboxRecord } from './mailbox-record.js';

/** RFC 8621 §2.1. */
export const mailboxGet = accountMethod({
  name: 'Mailbox/get',
  capability: MAIL,
  arguments: GET_ARGUMENTS,
  async run(arguments_, { mailStore }, context) {
    // State first: a change in between is then told once more rather than never.
    const state = await mailStore.state('Mailbox');
    const records = (await mailStore.listMailboxes()).map(mailboxRecord);
    return answerGet(arguments_, { state, records, properties: MAILBOX_PROPERTIES }, context);
  },
});
