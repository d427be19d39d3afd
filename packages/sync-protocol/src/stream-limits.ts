// Bounds of each stream. A record is larger than what is sealed in it by its map keys, ids and revision.

import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_SEALED_DOCUMENT_BYTES } from '@paloma/shared-model';
import { MAX_INCOMING_ITEMS } from './messages/incoming.js';
import { MAX_INCOMING_ITEM_BYTES } from './messages/services.js';
import type { StreamLimits } from './stream/decode-stream.js';

/** A revision of 256 replicas is about 12 kB; the other fields are small. */
const RECORD_OVERHEAD_BYTES = 16 * 1024;

/** A batch is bounded by what is sealed in it; the records around may add this much. */
const BATCH_OVERHEAD_BYTES = MAX_BATCH_RECORDS * RECORD_OVERHEAD_BYTES;

export const DOCUMENT_STREAM_LIMITS: StreamLimits = {
  recordBytes: MAX_SEALED_DOCUMENT_BYTES + RECORD_OVERHEAD_BYTES,
  streamBytes: MAX_BATCH_BYTES + BATCH_OVERHEAD_BYTES,
  records: MAX_BATCH_RECORDS,
};

export const BLOB_STREAM_LIMITS: StreamLimits = {
  recordBytes: MAX_BATCH_BYTES + RECORD_OVERHEAD_BYTES,
  streamBytes: MAX_BATCH_BYTES + BATCH_OVERHEAD_BYTES,
  records: MAX_BATCH_RECORDS,
};

/** Items come one after another; whoever asks for many at once asks for their sum. */
export const INCOMING_STREAM_LIMITS: StreamLimits = {
  recordBytes: MAX_INCOMING_ITEM_BYTES + RECORD_OVERHEAD_BYTES,
  streamBytes: MAX_INCOMING_ITEMS * (MAX_INCOMING_ITEM_BYTES + RECORD_OVERHEAD_BYTES),
  records: MAX_INCOMING_ITEMS,
};
