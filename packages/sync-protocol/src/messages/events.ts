import { z } from 'zod';
import { generation, octetCount, replicaUid, transactionId } from './fields.js';

/** Data of each server-sent event, docs/protocol/sync.md §7. */
export const EVENT_DATA = {
  generation: z.object({ generation, transactionId, source: replicaUid.nullable() }),
  incoming: z.object({ pending: octetCount }),
  vault: z.object({ version: z.string().max(64) }),
  devices: z.object({}),
} as const;

export type SyncEventName = keyof typeof EVENT_DATA;
export type SyncEvent = { [Name in SyncEventName]: { event: Name; data: z.infer<(typeof EVENT_DATA)[Name]> } }[SyncEventName];
