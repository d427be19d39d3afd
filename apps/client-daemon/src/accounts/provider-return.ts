import type { SyncStatus } from '@paloma/shared-model';
import type { SyncStatusSource } from '@paloma/mail-store/port';

/** Reached, whatever was found there. */
const REACHED: readonly SyncStatus['phase'][] = ['idle', 'alarm'];

/** Calls the listener each time the provider is reached after it could not be. Returns what ends that. */
export function subscribeToReturn(status: SyncStatusSource, listener: () => void): () => void {
  let isAway = status.current().phase === 'offline';
  return status.subscribe(({ phase }) => {
    if (phase === 'offline') isAway = true;
    if (!isAway || !REACHED.includes(phase)) return;
    isAway = false;
    listener();
  });
}
