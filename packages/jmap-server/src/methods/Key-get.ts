import { z } from 'zod';
import { MAX_ADDRESS_BYTES, MAX_RECIPIENTS } from '@paloma/shared-model';
import { PALOMA } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { keyRecord } from './key-record.js';

/** What is known of the keys of some addresses: docs/protocol/jmap.md. No /get of RFC 8620 §5.1: nobody wants all keys at once. */
export const keyGet = accountMethod({
  name: 'Key/get',
  capability: PALOMA,
  arguments: { addresses: z.array(z.string().max(MAX_ADDRESS_BYTES)).max(MAX_RECIPIENTS) },
  async run({ addresses }, { account: { keys } }) {
    // The state first: what changes in between is told once more.
    const state = await keys.state();
    const list = await keys.keysOf(addresses);
    return { state, list: list.map((entry) => ({ address: entry.address, keys: entry.keys.map(keyRecord) })) };
  },
});
