// What an attempt changes in a submission, as functions from one state to the next.

import type { SubmissionDocument, SubmissionRecipient, Transmission } from '@paloma/shared-model';
import type { DecidedRecipient } from './plan-transmissions.js';
import type { TransmissionResult } from './submission-client.js';
import { isWaiting } from './submission-records.js';

const TAKEN = '250 2.0.0 taken by the provider';

/** `copyEnvelopeId`: what notices about this copy are known by. */
export function withTransmission(submission: SubmissionDocument, transmission: Transmission, copyEnvelopeId: string): SubmissionDocument {
  const { protection, forwardPaths } = transmission;
  const changed = changeWaiting(submission, (recipient) => (forwardPaths.includes(recipient.forwardPath) ? { ...recipient, protection, copyEnvelopeId } : recipient));
  return { ...changed, transmissions: [...submission.transmissions, transmission] };
}

/** Why recipients cannot be decided for yet, for the user to read. */
export function withWaitReasons(submission: SubmissionDocument, decided: readonly DecidedRecipient[]): SubmissionDocument {
  return changeWaiting(submission, (recipient) => {
    const decision = decided.find(({ forwardPath }) => forwardPath === recipient.forwardPath)?.decision;
    return decision?.kind === 'wait' ? { ...recipient, lastReply: decision.reason } : recipient;
  });
}

export function withRefusals(submission: SubmissionDocument, refusals: TransmissionResult['refused']): SubmissionDocument {
  return changeWaiting(submission, (recipient) => {
    const refusal = refusals.find(({ forwardPath }) => forwardPath === recipient.forwardPath);
    return refusal ? { ...recipient, state: 'refused', lastReply: refusal.reply } : recipient;
  });
}

/** Of those to whom `forwardPaths` sent the message, who got it, and why the others wait. */
export function withResult(submission: SubmissionDocument, forwardPaths: readonly string[], { accepted, waitReason }: TransmissionResult): SubmissionDocument {
  return changeWaiting(submission, (recipient) => {
    if (!forwardPaths.includes(recipient.forwardPath)) return recipient;
    if (accepted.includes(recipient.forwardPath)) return { ...recipient, state: 'sent', lastReply: TAKEN };
    return waitReason === null ? recipient : { ...recipient, lastReply: waitReason };
  });
}

function changeWaiting(submission: SubmissionDocument, change: (recipient: SubmissionRecipient) => SubmissionRecipient): SubmissionDocument {
  return { ...submission, recipients: submission.recipients.map((recipient) => (isWaiting(recipient) ? change(recipient) : recipient)) };
}
