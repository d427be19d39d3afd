import type { DeliveryStatusRequest, SubmissionDocument, SubmissionRecipient } from '@paloma/shared-model';

/** What the sender wants to be told about these recipients; null: nothing special. */
export function notificationsAbout({ recipients, returnedPart, envelopeId }: SubmissionDocument, forwardPaths: readonly string[]): DeliveryStatusRequest | null {
  const asked = forwardPaths.map((forwardPath) => recipients.find((recipient) => recipient.forwardPath === forwardPath));
  const isUsual = returnedPart === undefined && envelopeId === undefined && asked.every((recipient) => recipient?.notify === undefined && recipient?.originalRecipient === undefined);
  return isUsual ? null : { returnedPart, envelopeId, recipients: asked.map((recipient) => ({ notify: recipient?.notify, originalRecipient: recipient?.originalRecipient })) };
}

/** RFC 3461 §4.1: without NOTIFY failures are told. */
export function wantsFailureTold({ notify }: SubmissionRecipient): boolean {
  return notify === undefined || notify.includes('FAILURE');
}
