import type { WireErrorCode } from '@paloma/shared-model';
import { StoreError } from '../store-error.js';

/** Runs a request one of whose answers means "there is none". */
export async function absentWhen<R>(code: WireErrorCode, ask: () => Promise<R>): Promise<R | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreError && error.code === code) return null;
    throw error;
  }
}
