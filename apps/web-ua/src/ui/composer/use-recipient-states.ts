// What is known of each recipient's key (docs/protocol/jmap.md, Recipient/resolve). Asked once per address, again on demand and
// whenever keys may have changed; the former answer is shown until the new one is there.

import { useEffect, useState } from 'react';
import type { RecipientState, ResolvedRecipient } from '../../jmap/types.js';
import { isPlausibleAddress } from '../../mail/address-list.js';
import { useAccount } from '../account-context.js';
import { useKeyVersion } from '../keys/use-keys.js';

export type ShownRecipientState = RecipientState | 'lookingUp';

export interface RecipientStates {
  stateOf(address: string): ShownRecipientState;
  /** Asks again for those whose look-up failed. */
  retry(): void;
}

interface Known {
  state: ShownRecipientState;
  /** The version of the keys that was asked for. */
  version: number;
}

export function useRecipientStates(addresses: readonly string[]): RecipientStates {
  const { transport } = useAccount();
  const version = useKeyVersion();
  const [known, setKnown] = useState<ReadonlyMap<string, Known>>(new Map());
  const due = [...new Set(addresses.map(normal))].filter((address) => isPlausibleAddress(address) && known.get(address)?.version !== version);
  const key = due.join();

  useEffect(() => {
    if (due.length === 0) return;
    setKnown((before) => new Map([...before, ...due.map((address) => [address, { state: before.get(address)?.state ?? 'lookingUp', version }] as const)]));
    const learn = (states: readonly (readonly [string, RecipientState])[]): void => setKnown((before) => withAnswers(before, states, version));
    transport.call<{ list: ResolvedRecipient[] }>('Recipient/resolve', { addresses: due }).result
      .then(({ list }) => learn(list.map(({ address, state }) => [normal(address), state])))
      // That we could not ask is not the same as that there is no key.
      .catch(() => learn(due.map((address) => [address, 'lookupFailed'])));
  }, [transport, key]);

  return {
    stateOf: (address) => (isPlausibleAddress(address) ? known.get(normal(address))?.state ?? 'lookingUp' : 'invalid'),
    retry: () => setKnown(new Map([...known].filter(([, { state }]) => state !== 'lookupFailed'))),
  };
}

/** An answer that was overtaken by a later question is dropped. */
function withAnswers(before: ReadonlyMap<string, Known>, states: readonly (readonly [string, RecipientState])[], version: number): ReadonlyMap<string, Known> {
  const current = states.filter(([address]) => before.get(address)?.version === version);
  return new Map([...before, ...current.map(([address, state]) => [address, { state, version }] as const)]);
}

const normal = (address: string): string => address.toLowerCase();
