import { z } from 'zod';
import { MAX_ADDRESS_BYTES, MAX_RECIPIENTS } from '@paloma/shared-model';
import { PALOMA } from '../capabilities.js';
import { accountMethod } from '../method.js';

/** What a composer may show of recipients before sending: docs/protocol/jmap.md. */
export const recipientResolve = accountMethod({
  name: 'Recipient/resolve',
  capability: PALOMA,
  arguments: { addresses: z.array(z.string().max(MAX_ADDRESS_BYTES)).max(MAX_RECIPIENTS) },
  async run({ addresses }, { account }) {
    const resolved = await account.submissions.resolveRecipients(addresses);
    return { list: resolved.map(({ address, state, fingerprint }) => ({ address, state, fingerprint })) };
  },
});
