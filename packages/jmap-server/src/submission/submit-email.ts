// Creation of an EmailSubmission, RFC 8621 §7.5.

import { parseHeaderBlock } from '@paloma/mail-format';
import { canonicalAddress, MAX_RECIPIENTS, parseMailAddress, type EmailId } from '@paloma/shared-model';
import type { EmailRecord, Identity, SubmissionOutcome } from '@paloma/mail-store/port';
import { z } from 'zod';
import type { AccountContext } from '../account-context.js';
import type { JsonObject } from '../json.js';
import type { MethodContext } from '../method.js';
import { schemaRefusal } from '../standard-methods/schema-refusal.js';
import { done, invalidProperties, refuse, type SetError, type SetOutcome } from '../standard-methods/set-error.js';
import { addressesIn, derivedEnvelope, envelopeObject, givenEnvelope, type SubmissionEnvelope } from './envelope.js';

const newSubmission = z.strictObject({ identityId: z.string(), emailId: z.string(), envelope: envelopeObject.nullish() });

const REFUSALS = {
  forbiddenFrom: { type: 'forbiddenMailFrom' },
  noRecipients: { type: 'noRecipients' },
  invalidRecipients: { type: 'invalidRecipients' },
  tooManyRecipients: { type: 'tooManyRecipients', maxRecipients: MAX_RECIPIENTS },
  tooLarge: { type: 'tooLarge' },
} satisfies Record<(SubmissionOutcome & { ok: false })['refusal'], SetError>;

export type SubmittedEmail = { submissionId: string; emailId: EmailId };

export async function submitEmail(object: JsonObject, account: AccountContext, context: MethodContext): Promise<SetOutcome<SubmittedEmail>> {
  const parsed = newSubmission.safeParse(object);
  if (!parsed.success) return schemaRefusal(parsed.error);
  const identity = (await account.account.submissions.identities()).find(({ identityId }) => identityId === parsed.data.identityId);
  if (!identity) return invalidProperties('identityId');
  const record = await emailOf(parsed.data.emailId, account, context);
  if (!record) return invalidProperties('emailId');
  const envelope = checkedEnvelope(parsed.data, record, identity, context);
  return envelope.ok ? submit(record, envelope.value, account) : envelope;
}

async function emailOf(emailId: string, { mailStore }: AccountContext, { creationIds }: MethodContext): Promise<EmailRecord | null> {
  const id = creationIds.resolve(emailId);
  const [record] = id === null ? [] : await mailStore.getEmails([id as EmailId]);
  return record ?? null;
}

/** The header must name the identity as its author, and the envelope must be one that can be sent. */
function checkedEnvelope({ envelope }: z.output<typeof newSubmission>, record: EmailRecord, identity: Identity, context: MethodContext): SetOutcome<SubmissionEnvelope> {
  const headers = parseHeaderBlock(record.headerBlock);
  const from = addressesIn(headers, 'From');
  if (from.length === 0) return refuse('invalidEmail', { properties: ['from'] });
  if (!from.every((address) => isSameAddress(address, identity.address))) return refuse('forbiddenFrom');
  const wanted = envelope ? givenEnvelope(envelope, context) : derivedEnvelope(headers, identity);
  if (!wanted) return invalidProperties('envelope');
  if (!isSameAddress(wanted.reversePath, identity.address)) return refuse('forbiddenMailFrom');
  const invalidRecipients = wanted.forwardPaths.filter((address) => !isSameAddress(address, address));
  return invalidRecipients.length > 0 ? refuse('invalidRecipients', { invalidRecipients }) : done(wanted);
}

async function submit(record: EmailRecord, envelope: SubmissionEnvelope, { mailStore, account }: AccountContext): Promise<SetOutcome<SubmittedEmail>> {
  const { reversePath, forwardPaths, sendAtMs, notifications } = envelope;
  const octets = await mailStore.loadMessageBytes(record.emailId);
  if (!octets) return invalidProperties('emailId');
  const delayed = sendAtMs === null ? {} : { sendAtMs };
  const outcome = await account.submissions.submit({ octets, emailId: record.emailId, reversePath, forwardPaths, notifications, ...delayed });
  return outcome.ok ? done({ submissionId: outcome.submissionId, emailId: outcome.emailId }) : { ok: false, error: REFUSALS[outcome.refusal] };
}

/** False also when either is no address at all. */
function isSameAddress(left: string, right: string): boolean {
  try {
    return canonicalAddress(parseMailAddress(left)) === canonicalAddress(parseMailAddress(right));
  } catch {
    return false;
  }
}
