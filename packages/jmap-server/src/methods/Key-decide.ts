import { z } from 'zod';
import { MAX_ADDRESS_BYTES, parseFingerprint } from '@paloma/shared-model';
import { PALOMA } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { keyRecord } from './key-record.js';

/** The user's word about a correspondent's key: docs/protocol/jmap.md. */
export const keyDecide = accountMethod({
  name: 'Key/decide',
  capability: PALOMA,
  arguments: {
    address: z.string().max(MAX_ADDRESS_BYTES),
    decision: z.enum(['verify', 'takeNew', 'keepKnown']),
    /** Exactly as it was told, so that nobody decides about a key that he was not shown. */
    fingerprint: z.string().regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/),
  },
  async run({ address, decision, fingerprint }, { account: { keys } }) {
    const isDecided = await keys.decide(address, { decision, fingerprint: parseFingerprint(fingerprint) });
    const [current] = await keys.keysOf([address]);
    return { address, isDecided, keys: (current?.keys ?? []).map(keyRecord) };
  },
});
