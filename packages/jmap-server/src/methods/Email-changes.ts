import { MAIL } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerChanges, CHANGES_ARGUMENTS } from '../standard-methods/changes.js';

/** RFC 8621 §4.3. */
export const emailChanges = accountMethod({
  name: 'Email/changes',
  capability: MAIL,
  arguments: CHANGES_ARGUMENTS,
  run: (arguments_, { mailStore }, { limits }) =>
    answerChanges(arguments_, limits, (since, maxChanges) => mailStore.changesSince('Email', since, maxChanges)),
});
