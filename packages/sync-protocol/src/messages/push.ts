import { z } from 'zod';
import { streamKind } from '../stream/stream-kind.js';
import { bytes, generation, opaqueDocumentId, replicaUid, revision, transactionId } from './fields.js';

export const documentClass = z.union([z.literal(0), z.literal(1), z.literal(2)]);

/** One sealed document on the wire, docs/protocol/sync.md §3. The provider never looks into `sealed`. */
export const pushItem = z.object({
  id: opaqueDocumentId,
  revision,
  class: documentClass,
  epoch: z.int().positive().max(2 ** 31 - 1),
  tombstone: z.boolean(),
  sealed: bytes,
});
export type PushItem = z.infer<typeof pushItem>;

/** `POST /v1/sync/push`. */
export const PUSH_STREAM = streamKind('push', { replicaUid }, pushItem);

export const PUSH_OUTCOMES = ['inserted', 'superseded', 'converged', 'conflicted'] as const;
export type PushOutcomeKind = (typeof PUSH_OUTCOMES)[number];

/** `generation` is that of the document the provider now holds: the pushed one when `inserted`, else the one before. */
export const pushOutcome = z.object({ id: opaqueDocumentId, outcome: z.enum(PUSH_OUTCOMES), generation });
export type PushOutcome = z.infer<typeof pushOutcome>;

/** The head of the account after the push, and one outcome for each item in the order of the request. */
export const pushAnswer = z.object({ generation, transactionId, outcomes: z.array(pushOutcome) });
export type PushAnswer = z.infer<typeof pushAnswer>;
