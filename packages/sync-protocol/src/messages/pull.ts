import { z } from 'zod';
import { PROTOCOL_VERSION } from '../protocol-version.js';
import { streamKind } from '../stream/stream-kind.js';
import { generation, replicaUid, transactionId } from './fields.js';
import { documentClass, pushItem } from './push.js';

/** ascending: from `since` on. newest: from `until` back to `since`, for a new device. */
const PULL_ORDERS = ['ascending', 'newest'] as const;

/** `POST /v1/sync/pull`, docs/protocol/sync.md §4. */
export const pullRequest = z.object({
  v: z.literal(PROTOCOL_VERSION),
  replicaUid,
  since: generation,
  classes: z.array(documentClass).min(1).max(3),
  limit: z.int().positive(),
  known: z.object({ generation, transactionId }).nullable(),
  order: z.enum(PULL_ORDERS).optional(),
  /** Newest first alone: where to begin; the head of the log when it is left out. */
  until: generation.optional(),
  /** Also what this replica wrote last itself. */
  own: z.boolean().optional(),
}).refine(({ order, until }) => until === undefined || order === 'newest', 'only a pull of the newest has an end');
export type PullRequest = z.infer<typeof pullRequest>;

export const pullItem = pushItem.extend({ generation });
export type PullItem = z.infer<typeof pullItem>;

export const PULL_STREAM = streamKind('pull', { generation, transactionId, through: generation, compacted: generation.optional() }, pullItem);
