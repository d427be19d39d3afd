import { useEffect, useState, useSyncExternalStore } from 'react';
import { useAccount } from '../account-context.js';
import type { Settings } from '../../jmap/settings.js';

export type Loaded<Value> = { status: 'loading' | 'failed'; value: null } | { status: 'ready'; value: Value };

/** What a settings page shows, now and after every change. While it is loaded again, what was there stays. `load` must be the same function each time. */
export function useLoaded<Value>(load: (settings: Settings) => Promise<Value>): Loaded<Value> & { retry(): void } {
  const { settings } = useAccount();
  const version = useSyncExternalStore(settings.subscribe, () => settings.version);
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded<Value>>({ status: 'loading', value: null });
  useEffect(() => {
    let isCurrent = true;
    const show = (next: Loaded<Value>): void => { if (isCurrent) setLoaded(next); };
    load(settings).then((value) => show({ status: 'ready', value }), () => show({ status: 'failed', value: null }));
    return () => { isCurrent = false; };
  }, [load, settings, version, attempt]);
  return { ...loaded, retry: () => setAttempt(attempt + 1) };
}
