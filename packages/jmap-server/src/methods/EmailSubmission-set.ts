import { z } from 'zod';
import type { SubmissionId } from '@paloma/shared-model';
import type { ChangeList } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { SUBMISSION } from '../capabilities.js';
import type { JsonObject } from '../json.js';
import { accountMethod, type MethodContext } from '../method.js';
import { done, invalidProperties, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { answerSet, JSON_OBJECT, SET_ARGUMENTS, type CreatedObject, type Outcomes, type SetTarget } from '../standard-methods/set.js';
import { submitEmail } from '../submission/submit-email.js';
import { submissionRecords } from './submission-record.js';

const ON_SUCCESS_ARGUMENTS = { onSuccessUpdateEmail: z.record(z.string(), JSON_OBJECT).nullish(), onSuccessDestroyEmail: z.array(z.string()).nullish() };

/** RFC 8621 §7.5. */
export const emailSubmissionSet = accountMethod({
  name: 'EmailSubmission/set',
  capability: SUBMISSION,
  arguments: { ...SET_ARGUMENTS, ...ON_SUCCESS_ARGUMENTS },
  async run(arguments_, account, context) {
    const target = new SubmissionSetTarget(account, context);
    const answer = await answerSet(arguments_, target, account, context);
    followWithEmailSet(arguments_, target.emailIds, account, context);
    return answer;
  },
});

class SubmissionSetTarget implements SetTarget {
  /** Emails of the submissions that this call has created or changed, by submission id. */
  readonly emailIds = new Map<string, string>();

  constructor(private readonly account: AccountContext, private readonly context: MethodContext) {}

  async state(): Promise<string> {
    return this.account.submissionHistory.stateOf(await submissionRecords(this.account));
  }

  async changesSince(state: string, maxChanges: number): Promise<ChangeList | null> {
    return this.account.submissionHistory.changesSince(state, await submissionRecords(this.account), maxChanges);
  }

  async create(object: JsonObject): Promise<SetOutcome<CreatedObject>> {
    const outcome = await submitEmail(object, this.account, this.context);
    if (!outcome.ok) return outcome;
    const { submissionId, emailId } = outcome.value;
    this.emailIds.set(submissionId, emailId);
    const record = (await submissionRecords(this.account)).find(({ id }) => id === submissionId);
    return done({ id: submissionId, undoStatus: record?.['undoStatus'], sendAt: record?.['sendAt'] });
  }

  async update(patches: ReadonlyMap<string, JsonObject>): Promise<Outcomes<null>> {
    const outcomes = new Map<string, SetOutcome<null>>();
    for (const [id, patch] of patches) outcomes.set(id, await this.#updateOne(id, patch));
    return outcomes;
  }

  /** Submissions are the record of what was sent. */
  async destroy(ids: readonly string[]): Promise<Outcomes<null>> {
    const known = new Set((await submissionRecords(this.account)).map(({ id }) => id));
    return new Map(ids.map((id) => [id, refuse(known.has(id) ? 'forbidden' : 'notFound')]));
  }

  /** The one change there is: from pending to canceled. */
  async #updateOne(id: string, patch: JsonObject): Promise<SetOutcome<null>> {
    const record = (await submissionRecords(this.account)).find((candidate) => candidate.id === id);
    if (!record) return refuse('notFound');
    const fixed = Object.keys(patch).filter((name) => name !== 'undoStatus');
    if (fixed.length > 0) return invalidProperties(...fixed);
    if (patch['undoStatus'] !== undefined && patch['undoStatus'] !== 'canceled') return invalidProperties('undoStatus');
    const isDone = patch['undoStatus'] === undefined || record['undoStatus'] === 'canceled' || await this.account.account.submissions.cancel(id as SubmissionId);
    if (!isDone) return refuse('cannotUnsend');
    this.emailIds.set(id, String(record['emailId']));
    return done(null);
  }
}

/** The implicit Email/set of RFC 8621 §7.5, for the submissions that went well. */
function followWithEmailSet(
  arguments_: z.output<z.ZodObject<typeof ON_SUCCESS_ARGUMENTS>>,
  emailIds: ReadonlyMap<string, string>,
  { mailStore }: AccountContext,
  { creationIds, followWith }: MethodContext,
): void {
  const emailOf = (reference: string): string[] => {
    const emailId = emailIds.get(creationIds.resolve(reference) ?? '');
    return emailId === undefined ? [] : [emailId];
  };
  const update = Object.entries(arguments_.onSuccessUpdateEmail ?? {}).flatMap(([reference, patch]) => emailOf(reference).map((emailId) => [emailId, patch]));
  const destroy = (arguments_.onSuccessDestroyEmail ?? []).flatMap(emailOf);
  if (update.length === 0 && destroy.length === 0) return;
  followWith('Email/set', { accountId: mailStore.accountId, update: Object.fromEntries(update), destroy });
}
