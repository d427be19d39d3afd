import type { EmailId } from '@paloma/shared-model';
import type { EmailUpdate, EmailUpdateOutcome } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { MAIL } from '../capabilities.js';
import { emailUpdate } from '../email/email-patch.js';
import { composeNewEmail } from '../email/new-email.js';
import type { JsonObject } from '../json.js';
import { accountMethod, type MethodContext } from '../method.js';
import { done, invalidProperties, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { answerSet, SET_ARGUMENTS, type CreatedObject, type Outcomes, type SetTarget } from '../standard-methods/set.js';
import { createdEmail } from './created-email.js';

/** RFC 8621 §4.6. */
export const emailSet = accountMethod({
  name: 'Email/set',
  capability: MAIL,
  arguments: SET_ARGUMENTS,
  run: (arguments_, account, context) => answerSet(arguments_, new EmailSetTarget(account, context), account, context),
});

class EmailSetTarget implements SetTarget {
  constructor(private readonly account: AccountContext, private readonly context: MethodContext) {}

  state(): Promise<string> {
    return this.account.mailStore.state('Email');
  }

  changesSince(state: string, maxChanges: number): ReturnType<SetTarget['changesSince']> {
    return this.account.mailStore.changesSince('Email', state, maxChanges);
  }

  async create(object: JsonObject): Promise<SetOutcome<CreatedObject>> {
    const composed = await composeNewEmail(object, this.account, this.context);
    if (!composed.ok) return composed;
    return createdEmail(await this.account.mailStore.append(composed.value), this.account.mailStore);
  }

  /** All accepted patches in one transaction. */
  async update(patches: ReadonlyMap<string, JsonObject>): Promise<Outcomes<JsonObject | null>> {
    const outcomes = new Map<string, SetOutcome<JsonObject | null>>();
    const updates: EmailUpdate[] = [];
    const records = await this.account.mailStore.getEmails([...patches.keys()] as EmailId[]);
    const byId = new Map<string, (typeof records)[number]>(records.map((record) => [record.emailId, record]));
    for (const [id, patch] of patches) {
      const record = byId.get(id);
      const update = record ? emailUpdate(record, patch, this.context) : refuse('notFound');
      if (update.ok) updates.push(update.value);
      else outcomes.set(id, update);
    }
    for (const outcome of await this.account.mailStore.updateEmails(updates)) outcomes.set(outcome.emailId, updateOutcome(outcome));
    return outcomes;
  }

  async destroy(ids: readonly string[]): Promise<Outcomes<null>> {
    const destroyed = new Set<string>(await this.account.mailStore.destroyEmails(ids as readonly EmailId[]));
    return new Map(ids.map((id) => [id, destroyed.has(id) ? done(null) : refuse('notFound')]));
  }
}

function updateOutcome(outcome: EmailUpdateOutcome): SetOutcome<null> {
  if (outcome.ok) return done(null);
  if (outcome.refusal === 'mailboxNotFound') return invalidProperties('mailboxIds');
  return refuse(outcome.refusal === 'tooManyKeywords' ? 'tooManyKeywords' : 'notFound');
}
