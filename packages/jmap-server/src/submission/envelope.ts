// The SMTP envelope of a submission, RFC 8621 §7: given by the client, or read from the header of the email.

import { fieldsNamed, flattenAddresses, parseAddressList, parseReturnedPart, type HeaderField } from '@paloma/mail-format';
import { z } from 'zod';
import type { Identity } from '@paloma/mail-store/port';
import type { Clock, DeliveryStatusRequest } from '@paloma/shared-model';
import type { JmapLimits } from '../limits.js';
import { parseUtcDate } from '../utc-date.js';
import { mailDsnParameters, rcptDsnParameters, recipientNotification } from './dsn-parameters.js';

export interface SubmissionEnvelope {
  reversePath: string;
  forwardPaths: string[];
  /** Not before; null for now. */
  sendAtMs: number | null;
  /** What notices are asked for; null: nothing special. */
  notifications: DeliveryStatusRequest | null;
}

/** FUTURERELEASE (RFC 4865 §4) and DSN are the extensions; RFC 8621 §7 writes their parameters as strings. */
const mailFromParameters = z.strictObject({ HOLDFOR: z.string().regex(/^\d{1,9}$/).optional(), HOLDUNTIL: z.string().optional(), ...mailDsnParameters });

export const envelopeObject = z.strictObject({
  mailFrom: z.strictObject({ email: z.string().max(320), parameters: mailFromParameters.nullish() }),
  rcptTo: z.array(z.strictObject({ email: z.string().max(320), parameters: rcptDsnParameters.nullish() })).max(10_000),
});

/** `null`: the delay asked for is malformed or too long. */
export function givenEnvelope({ mailFrom, rcptTo }: z.output<typeof envelopeObject>, { clock, limits }: { clock: Clock; limits: JmapLimits }): SubmissionEnvelope | null {
  const sendAtMs = sendTime(mailFrom.parameters ?? {}, clock.nowMs());
  const isTooLate = sendAtMs !== null && !(sendAtMs <= clock.nowMs() + limits.maxDelayedSend * 1000);
  if (isTooLate) return null;
  const recipients = new Map(rcptTo.map((recipient) => [recipient.email.toLowerCase(), recipient]));   // RFC 8621 §7: each recipient once
  const forwardPaths = [...recipients.values()].map(({ email }) => email);
  return { reversePath: mailFrom.email, forwardPaths, sendAtMs, notifications: notificationsIn(mailFrom.parameters ?? {}, [...recipients.values()]) };
}

function notificationsIn({ RET, ENVID }: z.output<typeof mailFromParameters>, rcptTo: z.output<typeof envelopeObject>['rcptTo']): DeliveryStatusRequest {
  return { returnedPart: parseReturnedPart(RET ?? '') ?? undefined, envelopeId: ENVID, recipients: rcptTo.map(({ parameters }) => recipientNotification(parameters ?? {})) };
}

/** NaN for a time that cannot be read. */
function sendTime({ HOLDFOR, HOLDUNTIL }: z.output<typeof mailFromParameters>, nowMs: number): number | null {
  if (HOLDFOR !== undefined && HOLDUNTIL !== undefined) return Number.NaN;
  if (HOLDFOR !== undefined) return nowMs + Number(HOLDFOR) * 1000;
  return HOLDUNTIL === undefined ? null : (parseUtcDate(HOLDUNTIL) ?? Number.NaN);
}

/** Everybody in To, Cc and Bcc. The reverse path is the identity's address: RFC 8621 §7 lets a server allow no other. */
export function derivedEnvelope(headers: readonly HeaderField[], identity: Identity): SubmissionEnvelope {
  return { reversePath: identity.address, forwardPaths: unique(['To', 'Cc', 'Bcc'].flatMap((name) => addressesIn(headers, name))), sendAtMs: null, notifications: null };
}

export function addressesIn(headers: readonly HeaderField[], fieldName: string): string[] {
  return fieldsNamed(headers, fieldName).flatMap((field) => flattenAddresses(parseAddressList(field.text))).map(({ address }) => address);
}

/** RFC 8621 §7: each recipient once. */
function unique(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}
