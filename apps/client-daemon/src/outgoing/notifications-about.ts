import type { DeliveryStatusRequest, SubmissionDocument, SubmissionRecipient } from '@paloma/shared-model';

/** What the provider is asked to tell about these recipients of one copy; null: nothing special. */
export function notificationsAbout(submission: SubmissionDocument, forwardPaths: readonly string[]): DeliveryStatusRequest | null {
  const { recipients, returnedPart } = submission;
  const asked = forwardPaths.map((forwardPath) => recipients.find((recipient) => recipient.forwardPath === forwardPath));
  const envelopeId = envelopeIdFor(submission, asked[0]);
  const isUsual = returnedPart === undefined && envelopeId === undefined && asked.every((recipient) => recipient?.notify === undefined && recipient?.originalRecipient === undefined);
  return isUsual ? null : { returnedPart, envelopeId, recipients: asked.map((recipient) => ({ notify: recipient?.notify, originalRecipient: recipient?.originalRecipient })) };
}

/** ENVID under which this recipient's copy goes out: the sender's own, where he gave one (RFC 3461 §4.4). */
export function envelopeIdFor({ envelopeId }: Pick<SubmissionDocument, 'envelopeId'>, recipient: SubmissionRecipient | undefined): string | undefined {
  return envelopeId ?? recipient?.copyEnvelopeId;
}

/** RFC 3461 §4.1: without NOTIFY failures are told. */
export function wantsFailureTold({ notify }: SubmissionRecipient): boolean {
  return notify === undefined || notify.includes('FAILURE');
}
