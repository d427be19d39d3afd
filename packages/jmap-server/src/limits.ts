// Limits announced in the session object (RFC 8620 §2, RFC 8621 §1.3) and those that only bound our own memory.

import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';

const MIB = 1024 * 1024;

export interface JmapLimits {
  /** Octets of one upload. */
  readonly maxSizeUpload: number;
  readonly maxConcurrentUpload: number;
  /** Octets of one API request. */
  readonly maxSizeRequest: number;
  readonly maxConcurrentRequests: number;
  readonly maxCallsInRequest: number;
  readonly maxObjectsInGet: number;
  readonly maxObjectsInSet: number;
  /** Ids that one /query answers with; a larger or missing `limit` is lowered to it. */
  readonly maxIdsInQuery: number;
  /** Changes that one /changes answers with. */
  readonly maxChanges: number;
  /** Octets of uploads kept for one account; the oldest go when a new one needs room (RFC 8620 §6.1). */
  readonly maxUploadedBytes: number;
  /** How long an upload is kept; RFC 8620 §6.1 asks for an hour at least. */
  readonly uploadLifetimeMs: number;
  /** Octets of all body values of one call: without it `Email/get` of 500 large messages would fill the memory. */
  readonly maxBodyValuesBytes: number;
  /** Depth of a filter tree: it is walked by recursion, here and in the store. */
  readonly maxFilterDepth: number;
  readonly maxMailboxesPerEmail: number;
  /** Longest delay of a submission (FUTURERELEASE, RFC 4865), in seconds. */
  readonly maxDelayedSend: number;
  /** Open event streams of one user; each holds a socket. */
  readonly maxEventStreams: number;
  /** The shortest ping interval granted, in seconds (RFC 8620 §7.3). */
  readonly minPingSeconds: number;
}

/** The suggested minimums of RFC 8620 §2 where it names one. */
export const DEFAULT_JMAP_LIMITS: JmapLimits = {
  maxSizeUpload: MAX_MESSAGE_BYTES,
  maxConcurrentUpload: 4,
  maxSizeRequest: 10 * MIB,
  maxConcurrentRequests: 8,
  maxCallsInRequest: 32,
  maxObjectsInGet: 500,
  maxObjectsInSet: 500,
  maxIdsInQuery: 5000,
  maxChanges: 5000,
  maxUploadedBytes: 4 * MAX_MESSAGE_BYTES,
  uploadLifetimeMs: 2 * 60 * 60 * 1000,
  maxBodyValuesBytes: 64 * MIB,
  maxFilterDepth: 16,
  maxMailboxesPerEmail: 100,
  maxDelayedSend: 30 * 24 * 60 * 60,
  maxEventStreams: 16,
  minPingSeconds: 1,
};
