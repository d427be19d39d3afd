import { z } from 'zod';
import { PROTOCOL_VERSION } from '../protocol-version.js';
import { accountId, generation, octetCount, transactionId } from './fields.js';

/** `GET /v1/sync/info`, docs/protocol/sync.md §2. */
export const infoAnswer = z.object({
  v: z.literal(PROTOCOL_VERSION),
  accountId,
  generation,
  transactionId,
  limits: z.object({
    sealedDocumentBytes: octetCount,
    blobBytes: octetCount,
    batchBytes: octetCount,
    batchRecords: octetCount,
    quotaBytes: octetCount,
  }),
  usedBytes: octetCount,
});
export type InfoAnswer = z.infer<typeof infoAnswer>;
export type ProviderLimits = InfoAnswer['limits'];
