import { z } from 'zod';
import type { IdentityId } from '@paloma/shared-model';
import type { ChangeList, SubmissionService } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { SUBMISSION } from '../capabilities.js';
import type { JsonObject } from '../json.js';
import { accountMethod } from '../method.js';
import { schemaRefusal } from '../standard-methods/schema-refusal.js';
import { done, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { answerSet, SET_ARGUMENTS, type SetTarget } from '../standard-methods/set.js';
import { identityRecords } from './identity-record.js';

/** RFC 8621 §6.3. Which addresses there are, the provider decides: identities are neither created nor destroyed here. */
export const identitySet = accountMethod({
  name: 'Identity/set',
  capability: SUBMISSION,
  arguments: SET_ARGUMENTS,
  run: (arguments_, account, context) => answerSet(arguments_, identityTarget(account), account, context),
});

/** Null stands for the default, RFC 8620 §5.3. */
const identityPatch = z.strictObject({
  name: z.string().max(1000).nullable().transform((name) => name ?? '').optional(),
  textSignature: z.string().max(20_000).nullable().transform((text) => text ?? '').optional(),
});

function identityTarget(account: AccountContext): SetTarget {
  const { submissions } = account.account;
  return {
    state: async () => account.identityHistory.stateOf(await identityRecords(account)),
    changesSince: async (state, maxChanges): Promise<ChangeList | null> => account.identityHistory.changesSince(state, await identityRecords(account), maxChanges),
    create: async () => refuse('forbidden'),
    async update(patches) {
      const outcomes = new Map<string, SetOutcome<null>>();
      for (const [id, patch] of patches) outcomes.set(id, await updateIdentity(submissions, id, patch));
      return outcomes;
    },
    async destroy(ids) {
      const known = new Set((await identityRecords(account)).map(({ id }) => id));
      return new Map(ids.map((id) => [id, refuse(known.has(id) ? 'forbidden' : 'notFound')]));
    },
  };
}

async function updateIdentity(submissions: SubmissionService, id: string, patch: JsonObject): Promise<SetOutcome<null>> {
  const parsed = identityPatch.safeParse(patch);
  if (!parsed.success) return schemaRefusal(parsed.error);
  const { name, textSignature } = parsed.data;
  const changes = { ...(name === undefined ? {} : { name }), ...(textSignature === undefined ? {} : { textSignature }) };
  return await submissions.updateIdentity(id as IdentityId, changes) ? done(null) : refuse('notFound');
}
