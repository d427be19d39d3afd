import { z } from 'zod';
import type { AccountContext } from '../account-context.js';
import { loadBlob } from '../blob/load-blob.js';
import { MAIL } from '../capabilities.js';
import { parseFiling } from '../email/new-email.js';
import { JmapError } from '../jmap-error.js';
import { accountMethod, type MethodContext } from '../method.js';
import { schemaRefusal } from '../standard-methods/schema-refusal.js';
import { refuse, type SetOutcome } from '../standard-methods/set-error.js';
import { answerSet, CREATION_ID, JSON_OBJECT, type CreatedObject, type SetTarget } from '../standard-methods/set.js';
import { createdEmail } from './created-email.js';

const emailImportObject = z.strictObject({ blobId: z.string(), mailboxIds: JSON_OBJECT, keywords: JSON_OBJECT.optional(), receivedAt: z.string().optional() });

/** RFC 8621 §4.8. The octets are filed as they are; the same message may be imported twice. */
export const emailImport = accountMethod({
  name: 'Email/import',
  capability: MAIL,
  arguments: { ifInState: z.string().nullish(), emails: z.record(CREATION_ID, JSON_OBJECT) },
  async run({ ifInState, emails }, account, context) {
    const answer = await answerSet({ ifInState, create: emails }, importTarget(account, context), account, context);
    const { oldState, newState, created, notCreated } = answer;
    return { oldState, newState, created, notCreated };
  },
});

function importTarget(account: AccountContext, context: MethodContext): SetTarget {
  const { mailStore } = account;
  const nothingElse = async (): Promise<never> => { throw new JmapError('invalidArguments'); };
  return {
    state: () => mailStore.state('Email'),
    changesSince: (state, maxChanges) => mailStore.changesSince('Email', state, maxChanges),
    create: (object) => importEmail(object, account, context),
    update: nothingElse,
    destroy: nothingElse,
  };
}

async function importEmail(object: Record<string, unknown>, account: AccountContext, context: MethodContext): Promise<SetOutcome<CreatedObject>> {
  const parsed = emailImportObject.safeParse(object);
  if (!parsed.success) return schemaRefusal(parsed.error);
  const filing = parseFiling(parsed.data, context);
  if (!filing.ok) return filing;
  const blob = await loadBlob(parsed.data.blobId, account);
  if (!blob) return refuse('blobNotFound', { notFound: [parsed.data.blobId] });
  if (blob.octets.length === 0) return refuse('invalidEmail');
  return createdEmail(await account.mailStore.append({ octets: blob.octets, ...filing.value }), account.mailStore);
}
