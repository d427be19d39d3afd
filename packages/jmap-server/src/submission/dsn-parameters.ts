// The DSN extension (RFC 3461) as parameters of an envelope, which RFC 8621 §7 writes without the encodings that they have in SMTP.

import { formatNotify, isEnvelopeId, isOriginalRecipient, parseNotify, parseReturnedPart } from '@paloma/mail-format';
import type { RecipientNotification, ReturnedPart } from '@paloma/shared-model';
import { z } from 'zod';

export const mailDsnParameters = {
  RET: z.string().refine((text) => parseReturnedPart(text) !== null).optional(),
  ENVID: z.string().refine(isEnvelopeId).optional(),
};
export const rcptDsnParameters = z.strictObject({
  NOTIFY: z.string().refine((text) => parseNotify(text) !== null).optional(),
  ORCPT: z.string().refine(isOriginalRecipient).optional(),
});

export function recipientNotification({ NOTIFY, ORCPT }: z.output<typeof rcptDsnParameters>): RecipientNotification {
  const notify = NOTIFY === undefined ? null : parseNotify(NOTIFY);
  return { ...(notify !== null && { notify }), ...(ORCPT !== undefined && { originalRecipient: ORCPT }) };
}

/** `null`: none. */
export function formatMailParameters({ returnedPart, envelopeId }: { returnedPart?: ReturnedPart | undefined; envelopeId?: string | undefined }): Record<string, string> | null {
  return orNull({ ...(returnedPart && { RET: returnedPart }), ...(envelopeId !== undefined && { ENVID: envelopeId }) });
}

export function formatRcptParameters({ notify, originalRecipient }: RecipientNotification): Record<string, string> | null {
  return orNull({ ...(notify && { NOTIFY: formatNotify(notify) }), ...(originalRecipient !== undefined && { ORCPT: originalRecipient }) });
}

function orNull(parameters: Record<string, string>): Record<string, string> | null {
  return Object.keys(parameters).length > 0 ? parameters : null;
}
