// What provider-mx says to provider-sync, docs/protocol/services-api.md: JSON bodies, but for sealed mail.

import { z } from 'zod';
import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';
import { accountId, base64urlText, bytes, incomingItemId, mailAddress } from './fields.js';

/** Largest sealed incoming item: the largest message and what OpenPGP and trace headers add. */
export const MAX_INCOMING_ITEM_BYTES = MAX_MESSAGE_BYTES + 1024 * 1024;

/** What one `POST /services/v2/incoming` may bring: items, octets of one (a larger one goes by itself), octets of the body. */
export const MAX_DELIVERY_ITEMS = 64;
export const MAX_DELIVERY_ITEM_BYTES = 256 * 1024;
export const MAX_DELIVERY_BODY_BYTES = 4 * 1024 * 1024;

/** `POST /services/v2/incoming`, CBOR. */
export const deliveryRequest = z.object({
  items: z.array(z.object({ accountId, itemId: incomingItemId, sealed: bytes.refine(({ length }) => length <= MAX_DELIVERY_ITEM_BYTES, 'too large for a batch') })).min(1).max(MAX_DELIVERY_ITEMS),
});
export type DeliveryRequest = z.infer<typeof deliveryRequest>;

export const DELIVERY_OUTCOMES = ['stored', 'alreadyThere', 'noAccount', 'quotaExceeded', 'failed'] as const;
/** What became of each item, in their order. `failed`: of this one alone, for now: nobody foresaw it, or its account was disabled meanwhile. */
export const deliveryAnswer = z.object({ outcomes: z.array(z.enum(DELIVERY_OUTCOMES)) });
export type DeliveryAnswer = z.infer<typeof deliveryAnswer>;

/** Largest binary transferable public key, in octets. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;

/** Largest sealed vault, in octets. */
export const MAX_VAULT_BYTES = 64 * 1024;

/** `GET /services/v1/recipients/{address}`. `certificate`: binary, in base64url without padding. `isDisabled`: since version 4. */
export const recipientAnswer = z.object({
  accountId,
  isOverQuota: z.boolean(),
  isDisabled: z.boolean().default(false),
  certificate: z.string().regex(/^[A-Za-z0-9_-]+$/).max(Math.ceil((MAX_CERTIFICATE_BYTES * 4) / 3)).nullable(),
});
export type RecipientAnswer = z.infer<typeof recipientAnswer>;

/** `POST /services/v1/sessions/verify`. */
export const verifySessionRequest = z.object({ token: base64urlText });
export type VerifySessionRequest = z.infer<typeof verifySessionRequest>;
export const verifySessionAnswer = z.object({ accountId, addresses: z.array(mailAddress) });
export type VerifySessionAnswer = z.infer<typeof verifySessionAnswer>;

/** `POST /services/v3/submission-certificates/verify`, answered as a session is. `sha256`: of the certificate's DER, in base64url. */
export const verifySubmissionCertificateRequest = z.object({ sha256: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export type VerifySubmissionCertificateRequest = z.infer<typeof verifySubmissionCertificateRequest>;
