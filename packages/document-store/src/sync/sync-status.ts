import type { SyncStatus } from '@paloma/shared-model';
import { ObservableState } from '../observable-state.js';

/** What a user is told about synchronisation, as state that can be watched. */
export class SyncStatusSource extends ObservableState<SyncStatus> {}
