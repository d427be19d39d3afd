import { z } from 'zod';
import { epochMs, replicaUid } from './fields.js';

/** `GET /v1/devices`, docs/protocol/accounts.md §6: replicas that logged in and were not removed, oldest first. */
export const knownDevice = z.object({
  replicaUid,
  createdAtMs: epochMs,
  /** Exact to an hour. */
  lastSeenAtMs: epochMs,
  /** The device of the session that asks. */
  isCurrent: z.boolean(),
});
export type KnownDevice = z.infer<typeof knownDevice>;
export const deviceListAnswer = z.object({ devices: z.array(knownDevice) });
export type DeviceListAnswer = z.infer<typeof deviceListAnswer>;
