import { z } from 'zod';

/** Of what a sender may want notice, RFC 3461 §4.1. */
export const NOTIFY_CONDITIONS = ['SUCCESS', 'FAILURE', 'DELAY'] as const;
export type NotifyCondition = (typeof NOTIFY_CONDITIONS)[number];

/** How much of the message a notice of failure gives back, RFC 3461 §4.3. */
export const RETURNED_PARTS = ['FULL', 'HDRS'] as const;
export type ReturnedPart = (typeof RETURNED_PARTS)[number];

/** What a sender asked for one recipient. Absent: nothing was said about it. */
export const recipientNotification = z.object({
  /** NOTIFY; empty for NEVER. */
  notify: z.array(z.enum(NOTIFY_CONDITIONS)).optional(),
  /** ORCPT with its encoding taken off, `rfc822;b@example.net` or `utf-8;ü@example.net` (RFC 3461 §4.2, RFC 6533 §3). */
  originalRecipient: z.string().optional(),
});
export type RecipientNotification = z.infer<typeof recipientNotification>;

/** What a sender asked about notices (RFC 3461 §4), with all encodings taken off. */
export interface DeliveryStatusRequest {
  /** RET. */
  returnedPart?: ReturnedPart | undefined;
  /** ENVID. */
  envelopeId?: string | undefined;
  /** In the order of the forward paths. */
  recipients: readonly RecipientNotification[];
}
