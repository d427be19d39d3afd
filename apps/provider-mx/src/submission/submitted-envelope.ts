import type { SMTPServerSession } from 'smtp-server';
import { parseMailAddress, type MailAddress, type RecipientNotification } from '@paloma/shared-model';
import { deliveryStatusRequestIn } from '@paloma/smtp-listener';
import type { NotificationRequest, RecipientRequest } from '../outgoing/notification-request.js';

export interface SubmittedEnvelope {
  reversePath: string;
  /** Each once. */
  forwardPaths: MailAddress[];
  notifications?: NotificationRequest;
}

export function envelopeOf({ envelope }: SMTPServerSession): SubmittedEnvelope {
  const { mailFrom, rcptTo } = envelope;
  const asked = deliveryStatusRequestIn(envelope);
  const recipients = new Map(rcptTo.map(({ address }, index) => [parseMailAddress(address), requestOf(asked?.recipients[index])]));
  const submitted = { reversePath: mailFrom === false ? '' : mailFrom.address, forwardPaths: [...recipients.keys()] };
  if (asked === null) return submitted;
  return { ...submitted, notifications: { envelopeId: asked.envelopeId ?? null, returnedPart: asked.returnedPart ?? null, recipients: [...recipients.values()] } };
}

function requestOf({ notify, originalRecipient }: RecipientNotification = {}): RecipientRequest | null {
  if (notify === undefined && originalRecipient === undefined) return null;
  return { conditions: notify ?? null, originalRecipient: originalRecipient ?? null };
}
