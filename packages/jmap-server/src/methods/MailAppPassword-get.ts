import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';
import { MAIL_APP_PASSWORD_PROPERTIES, mailAppPasswordRecords } from './mail-app-password-record.js';

/** docs/protocol/jmap.md. */
export const mailAppPasswordGet = accountMethod({
  name: 'MailAppPassword/get',
  capability: SETTINGS,
  arguments: GET_ARGUMENTS,
  async run(arguments_, account, context) {
    const records = mailAppPasswordRecords(account);
    return answerGet(arguments_, { state: account.mailAppPasswordHistory.stateOf(records), records, properties: MAIL_APP_PASSWORD_PROPERTIES }, context);
  },
});
