import { NOTIFY_CONDITIONS, type DeliveryStatusRequest, type RecipientNotification } from '@paloma/shared-model';
import { decodeOriginalRecipient, parseReturnedPart } from '@paloma/mail-format';
import type { SMTPServerAddress, SMTPServerEnvelope } from 'smtp-server';

/** What the sender asked about notices; its recipients are those of the envelope. `null`: nothing, which is the usual. */
export function deliveryStatusRequestIn({ dsn, rcptTo }: SMTPServerEnvelope): DeliveryStatusRequest | null {
  const returnedPart = parseReturnedPart(dsn?.ret ?? '');
  const recipients = rcptTo.map(notificationFor);
  if (returnedPart === null && !dsn?.envid && recipients.every((recipient) => Object.keys(recipient).length === 0)) return null;
  return { ...(returnedPart !== null && { returnedPart }), ...(dsn?.envid && { envelopeId: dsn.envid }), recipients };
}

function notificationFor({ dsn: { notify, orcpt } = {} }: SMTPServerAddress): RecipientNotification {
  return {
    ...(notify !== undefined && { notify: NOTIFY_CONDITIONS.filter((condition) => notify.includes(condition)) }),
    ...(orcpt !== undefined && { originalRecipient: decodeOriginalRecipient(orcpt) }),
  };
}
