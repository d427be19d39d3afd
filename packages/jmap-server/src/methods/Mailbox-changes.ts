import { MAIL } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerChanges, CHANGES_ARGUMENTS } from '../standard-methods/changes.js';

/** RFC 8621 §2.2. The store does not tell counts from names, so `updatedProperties` is always null ("any"). */
export const mailboxChanges = accountMethod({
  name: 'Mailbox/changes',
  capability: MAIL,
  arguments: CHANGES_ARGUMENTS,
  async run(arguments_, { mailStore }, { limits }) {
    const changes = await answerChanges(arguments_, limits, (since, maxChanges) => mailStore.changesSince('Mailbox', since, maxChanges));
    return { ...changes, updatedProperties: null };
  },
});
