import { z } from 'zod';

/** NOTIFY without NEVER, which is the empty list: RFC 3461 §4.1. */
export type NotifyCondition = 'SUCCESS' | 'FAILURE' | 'DELAY';

const recipientRequest = z.object({ conditions: z.array(z.enum(['SUCCESS', 'FAILURE', 'DELAY'])), originalRecipient: z.string().nullable() });
/** What a sender wants to be told, RFC 3461. `recipients` in the order of the forward paths; null: nothing special. */
export const notificationRequest = z.object({ envelopeId: z.string().nullable(), recipients: z.array(recipientRequest.nullable()) });

export type RecipientRequest = z.output<typeof recipientRequest>;
export type NotificationRequest = z.output<typeof notificationRequest>;

/** RFC 3461 §4.1: without NOTIFY failures are told, and delays may be. */
const USUAL: readonly NotifyCondition[] = ['FAILURE', 'DELAY'];

export function wantsNotice(request: RecipientRequest | null, condition: NotifyCondition): boolean {
  return (request?.conditions ?? USUAL).includes(condition);
}
