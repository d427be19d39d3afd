// What is known of each recipient's key (docs/protocol/jmap.md, Recipient/resolve). Asked once per address, again on demand.

import { useEffect, useState } from 'react';
import type { RecipientState, ResolvedRecipient } from '../../jmap/types.js';
import { isPlausibleAddress } from '../../mail/address-list.js';
import { useAccount } from '../account-context.js';

export type ShownRecipientState = RecipientState | 'lookingUp';

export interface RecipientStates {
  stateOf(address: string): ShownRecipientState;
  /** Asks again for those whose look-up failed. */
  retry(): void;
}

const ASKED = 'lookingUp';

export function useRecipientStates(addresses: readonly string[]): RecipientStates {
  const { transport } = useAccount();
  const [known, setKnown] = useState<ReadonlyMap<string, ShownRecipientState>>(new Map());
  const unknown = [...new Set(addresses.map(normal))].filter((address) => isPlausibleAddress(address) && !known.has(address));
  const key = unknown.join();

  useEffect(() => {
    if (unknown.length === 0) return;
    const learn = (states: readonly (readonly [string, ShownRecipientState])[]): void => setKnown((before) => new Map([...before, ...states]));
    learn(unknown.map((address) => [address, ASKED]));
    transport.call<{ list: ResolvedRecipient[] }>('Recipient/resolve', { addresses: unknown }).result
      .then(({ list }) => learn(list.map(({ address, state }) => [normal(address), state])))
      // That we could not ask is not the same as that there is no key.
      .catch(() => learn(unknown.map((address) => [address, 'lookupFailed'])));
  }, [transport, key]);

  return {
    stateOf: (address) => (isPlausibleAddress(address) ? known.get(normal(address)) ?? ASKED : 'invalid'),
    retry: () => setKnown(new Map([...known].filter(([, state]) => state !== 'lookupFailed'))),
  };
}

const normal = (address: string): string => address.toLowerCase();
