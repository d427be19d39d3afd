import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server';
import { parseMailAddress, type MailAddress } from '@paloma/shared-model';
import type { NotificationRequest, NotifyCondition, RecipientRequest } from '../outgoing/notification-request.js';

export interface SubmittedEnvelope {
  reversePath: string;
  /** Each once. */
  forwardPaths: MailAddress[];
  notifications?: NotificationRequest;
}

/** RFC 3461 §4.2 and §4.4. */
const MAX_ORCPT_CHARS = 500;
const MAX_ENVID_CHARS = 100;

/** RET is not kept: a notice has the header of the message alone, whatever was asked for (RFC 3461 §6.2 lets a host be brief). */
export function envelopeOf({ envelope: { mailFrom, rcptTo, dsn } }: SMTPServerSession): SubmittedEnvelope {
  const recipients = new Map(rcptTo.map((recipient) => [parseMailAddress(recipient.address), requestOf(recipient)]));
  const envelope = { reversePath: mailFrom === false ? '' : mailFrom.address, forwardPaths: [...recipients.keys()] };
  const envelopeId = dsn?.envid?.slice(0, MAX_ENVID_CHARS) ?? null;
  const isUsual = envelopeId === null && [...recipients.values()].every((request) => request === null);
  return isUsual ? envelope : { ...envelope, notifications: { envelopeId, recipients: [...recipients.values()] } };
}

function requestOf({ dsn }: SMTPServerAddress): RecipientRequest | null {
  if (dsn === undefined) return null;
  const conditions = (dsn.notify ?? ['FAILURE', 'DELAY']).filter((condition): condition is NotifyCondition => condition !== 'NEVER');
  return { conditions, originalRecipient: dsn.orcpt?.slice(0, MAX_ORCPT_CHARS) ?? null };
}
