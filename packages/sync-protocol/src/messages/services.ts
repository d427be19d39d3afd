// What provider-mx says to provider-sync, docs/protocol/services-api.md: JSON bodies.

import { z } from 'zod';
import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';
import { accountId, base64urlText, mailAddress } from './fields.js';

/** Largest sealed incoming item: the largest message and what OpenPGP and trace headers add. */
export const MAX_INCOMING_ITEM_BYTES = MAX_MESSAGE_BYTES + 1024 * 1024;

/** Largest binary transferable public key, in octets. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;

/** Largest sealed vault, in octets. */
export const MAX_VAULT_BYTES = 64 * 1024;

/** `GET /services/v1/recipients/{address}`. `certificate`: binary, in base64url without padding. */
export const recipientAnswer = z.object({
  accountId,
  isOverQuota: z.boolean(),
  certificate: z.string().regex(/^[A-Za-z0-9_-]+$/).max(Math.ceil((MAX_CERTIFICATE_BYTES * 4) / 3)).nullable(),
});
export type RecipientAnswer = z.infer<typeof recipientAnswer>;

/** `POST /services/v1/sessions/verify`. */
export const verifySessionRequest = z.object({ token: base64urlText });
export type VerifySessionRequest = z.infer<typeof verifySessionRequest>;
export const verifySessionAnswer = z.object({ accountId, addresses: z.array(mailAddress) });
export type VerifySessionAnswer = z.infer<typeof verifySessionAnswer>;
