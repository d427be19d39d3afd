import type { ReviewedKey } from '@paloma/mail-store/port';
import type { JsonObject } from '../json.js';

/** A key of a correspondent as `Key/get` and `Key/decide` tell it: docs/protocol/jmap.md. */
export function keyRecord({ fingerprint, state, level, source, firstSeenAtMs }: ReviewedKey): JsonObject {
  return { fingerprint, state, level, source, firstSeenAtMs };
}
