import type { AccountId } from '@paloma/shared-model';
import type { SyncEvent } from '@paloma/sync-protocol';

export interface EventListener {
  onEvent(event: SyncEvent): void;
  /** Events may have been missed: whoever listens should look for itself. */
  onGap(): void;
}

/** What happens to accounts, whichever process of the provider it happens in. */
export abstract class EventHub {
  /** Returns how to stop listening. */
  abstract subscribe(accountId: AccountId, listener: EventListener): () => void;
}
