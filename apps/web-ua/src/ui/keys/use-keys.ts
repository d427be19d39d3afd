import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ReviewedKey } from '../../jmap/types.js';
import { useAccount } from '../account-context.js';

export type ShownKeys =
  | { status: 'loading' | 'failed'; keys: readonly ReviewedKey[] }
  | { status: 'ready'; keys: readonly ReviewedKey[] };

const NOTHING: ShownKeys = { status: 'loading', keys: [] };

/** The version of all keys: it moves when any may have changed. */
export function useKeyVersion(): number {
  const { keys } = useAccount();
  return useSyncExternalStore(keys.subscribe, () => keys.version);
}

/** What is known of an address, now and after every change; nothing is asked for `null`. */
export function useKeys(address: string | null): ShownKeys {
  const { keys } = useAccount();
  const version = useKeyVersion();
  const [shown, setShown] = useState(NOTHING);
  useEffect(() => {
    if (address === null) return setShown(NOTHING);
    let isCurrent = true;
    const show = (answer: ShownKeys): void => { if (isCurrent) setShown(answer); };
    keys.load(address).then((loaded) => show({ status: 'ready', keys: loaded }), () => show({ status: 'failed', keys: [] }));
    return () => { isCurrent = false; };
  }, [keys, address, version]);
  return shown;
}
