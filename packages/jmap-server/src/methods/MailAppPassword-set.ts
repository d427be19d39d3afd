import { z } from 'zod';
import type { AccountContext } from '../account-context.js';
import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { schemaRefusal } from '../standard-methods/schema-refusal.js';
import { done, refuse } from '../standard-methods/set-error.js';
import { answerSet, SET_ARGUMENTS, type SetTarget } from '../standard-methods/set.js';
import { settingsOf } from './account-settings.js';
import { mailAppPasswordRecords } from './mail-app-password-record.js';

/** docs/protocol/jmap.md. Destroying revokes. The password itself is among the properties that creation answers, and never again. */
export const mailAppPasswordSet = accountMethod({
  name: 'MailAppPassword/set',
  capability: SETTINGS,
  arguments: SET_ARGUMENTS,
  run: (arguments_, account, context) => answerSet(arguments_, passwordTarget(account), account, context),
});

const newPassword = z.strictObject({ name: z.string().trim().min(1).max(100), unlocksAccount: z.boolean().default(false) });

function passwordTarget(account: AccountContext): SetTarget {
  const settings = settingsOf(account);
  return {
    state: async () => account.mailAppPasswordHistory.stateOf(mailAppPasswordRecords(account)),
    changesSince: async (state, maxChanges) => account.mailAppPasswordHistory.changesSince(state, mailAppPasswordRecords(account), maxChanges),
    async create(object) {
      const parsed = newPassword.safeParse(object);
      if (!parsed.success) return schemaRefusal(parsed.error);
      const { passwordId, password } = await settings.createMailAppPassword(parsed.data);
      return done({ ...mailAppPasswordRecords(account).find(({ id }) => id === passwordId), id: passwordId, password: password.reveal() });
    },
    update: async (patches) => new Map([...patches.keys()].map((id) => [id, refuse('forbidden')])),
    destroy: async (ids) => new Map(ids.map((id) => [id, settings.revokeMailAppPassword(id) ? done(null) : refuse('notFound')])),
  };
}
