import { NOTIFY_CONDITIONS, RETURNED_PARTS, type DeliveryStatusRequest, type NotifyCondition } from '@paloma/shared-model';
import { z } from 'zod';

/** `conditions`: empty for NEVER, null where the sender said nothing. */
const recipientRequest = z.object({ conditions: z.array(z.enum(NOTIFY_CONDITIONS)).nullable(), originalRecipient: z.string().nullable() });
/** What a sender wants to be told, RFC 3461. `recipients` in the order of the forward paths; null: nothing special. */
export const notificationRequest = z.object({
  envelopeId: z.string().nullable(),
  /** Absent in messages that were queued before it was kept. */
  returnedPart: z.enum(RETURNED_PARTS).nullable().default(null),
  recipients: z.array(recipientRequest.nullable()),
});

export type RecipientRequest = z.output<typeof recipientRequest>;
export type NotificationRequest = z.output<typeof notificationRequest>;

/** RFC 3461 §4.1: without NOTIFY failures are told, and delays may be. */
const USUAL: readonly NotifyCondition[] = ['FAILURE', 'DELAY'];

export function wantsNotice(request: RecipientRequest | null, condition: NotifyCondition): boolean {
  return (request?.conditions ?? USUAL).includes(condition);
}

/** For the next host, what the sender said and nothing more (RFC 3461 §5.2.1). */
export function requestForNextHost({ envelopeId, returnedPart, recipients }: NotificationRequest): DeliveryStatusRequest {
  return {
    returnedPart: returnedPart ?? undefined,
    envelopeId: envelopeId ?? undefined,
    recipients: recipients.map((request) => ({ notify: request?.conditions ?? undefined, originalRecipient: request?.originalRecipient ?? undefined })),
  };
}
