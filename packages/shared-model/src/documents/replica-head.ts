// What one replica states about the log, sealed like everything else, so that the provider can neither read nor alter it:
// docs/protocol/sync.md §8. It travels in the same transaction as every push of that replica and in no other.

import { z } from 'zod';
import { bytes } from './document.js';

const generation = z.number().int().nonnegative();

/** `replica-head:<replicaUid>`. Its own revision, which that replica alone increments, numbers the statements. */
export const replicaHeadDocument = z.object({
  replicaUid: z.string(),
  /**
   * Digest of everything this replica ever wrote that the provider is known to hold, `unsettled` left out. Null while it
   * makes no statement: after the provider was restored from a backup, until everything is there again.
   */
  writes: bytes.nullable(),
  /**
   * Documents that were sent and not answered for when this was sealed. `revision`: travels beside this statement; null: was
   * sent before, and may or may not have arrived.
   */
  unsettled: z.array(z.object({ documentId: z.string(), revision: z.string().nullable() })),
  /** The number of the newest statement of each other replica that this one had received. */
  seen: z.record(z.string(), generation),
  /** The head up to which this replica had received all there was; null when it never had. */
  complete: z.object({ generation, transactionId: z.string() }).nullable(),
  /** This replica's statement before, and the generation under which the provider said to have stored it. */
  previous: z.object({ number: generation, generation }).nullable(),
});
export type ReplicaHeadDocument = z.infer<typeof replicaHeadDocument>;
