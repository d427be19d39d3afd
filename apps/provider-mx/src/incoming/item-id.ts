import { createHmac, createSecretKey } from 'node:crypto';
import { canonicalAddress, parseIncomingItemId, type IncomingItemId, type MailAddress } from '@paloma/shared-model';
import type { DeliveryKey } from '../config/secret-files.js';

/**
 * docs/protocol/services-api.md §3: the same message to the same recipient has the same id, so that a sender who repeats
 * it after a lost answer does not double it. Keyed, so that nobody can tell from an id what was delivered.
 */
export function incomingItemId(key: DeliveryKey, reversePath: string, forwardPath: MailAddress, identity: Uint8Array): IncomingItemId {
  const digest = createHmac('sha256', createSecretKey(key.reveal()))
    .update(reversePath).update('\0').update(canonicalAddress(forwardPath)).update('\0').update(identity)
    .digest('base64url');
  return parseIncomingItemId(digest);
}
